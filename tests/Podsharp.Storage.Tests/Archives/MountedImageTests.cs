using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class MountedImageTests : ArchiveFixture
{
    [Test]
    public async Task Mounts_layers_on_top_of_each_other_and_keeps_the_containers_files()
    {
        var image = (await LoadAsync(Simple("a:1", Base, Top)))[0].Image;
        var container = NewContainer("c", image.Layers);
        var root = await Stores.RootFileSystems.MountAsync(container.Id, image.Layers, CancellationToken.None);
        try
        {
            Assert.That(await File.ReadAllTextAsync(Path.Join(root, "bin/sh")), Is.EqualTo("shell"));
            Assert.That(File.Exists(Path.Join(root, "etc/passwd")), Is.False);
            await File.WriteAllTextAsync(Path.Join(root, "mine"), "12345");
            Assert.That(await Stores.RootFileSystems.MountAsync(container.Id, image.Layers, CancellationToken.None), Is.EqualTo(root));
            Assert.That(await Stores.RootFileSystems.SizeAsync(container.Id, CancellationToken.None), Is.EqualTo(5));
        }
        finally
        {
            await Stores.RootFileSystems.RemoveAsync(container.Id, CancellationToken.None);
        }

        Assert.That(MountTable.Read().Any(mount => mount.Target == root), Is.False);
        Assert.That(Directory.Exists(Paths.Container(container.Id)), Is.False);
        await Stores.RootFileSystems.RemoveAsync(container.Id, CancellationToken.None);
    }

    [Test]
    public async Task Mounts_an_image_of_very_many_layers()
    {
        var layers = Enumerable.Range(0, 125).Select(i => Tar(($"f{i}", $"{i}"))).ToArray();
        var image = (await LoadAsync(Simple("many:1", layers)))[0].Image;
        var container = NewContainer("c", image.Layers);

        var root = await Stores.RootFileSystems.MountAsync(container.Id, image.Layers, CancellationToken.None);

        try
        {
            Assert.That(Directory.GetFiles(root), Has.Length.EqualTo(125));
        }
        finally
        {
            await Stores.RootFileSystems.RemoveAsync(container.Id, CancellationToken.None);
        }
    }
}
