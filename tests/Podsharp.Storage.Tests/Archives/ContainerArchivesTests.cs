using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Linux.Files;
using Podsharp.Storage.Tar;
using static Podsharp.Storage.Tests.Archives.ArchiveSamples;

namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class ContainerArchivesTests : StoreFixture
{
    private static readonly byte[] Base = Layer(("bin/sh", "shell"), ("etc/passwd", "root"), ("old/file", "x"));
    private static readonly ImageConfig Config = new() { Architecture = "amd64", History = [new ImageHistory(null, "did", null, null, false)] };
    private Image _image = null!;
    private ContainerId _id;

    [SetUp]
    public async Task MakeContainerAsync()
    {
        _image = (await Stores.ImageArchives.LoadAsync(new MemoryStream(ArchiveOf("base:1", Base)), CancellationToken.None)).Single().Image;
        _id = ContainerId.New();
        await Stores.RootFileSystems.CreateAsync(_id, CancellationToken.None);
    }

    [TearDown]
    public Task RemoveContainerAsync() => Stores.RootFileSystems.RemoveAsync(_id, CancellationToken.None);

    [Test]
    public async Task What_a_container_changed_becomes_a_layer_that_gives_the_same_root()
    {
        await ChangeAsync(root =>
        {
            File.WriteAllText(Path.Join(root, "new"), "12345");
            File.Delete(Path.Join(root, "bin/sh"));
            Directory.Delete(Path.Join(root, "old"), recursive: true);
            Directory.CreateDirectory(Path.Join(root, "old"));
            File.WriteAllText(Path.Join(root, "old/other"), "y");
        });

        var image = await CommitAsync();

        Assert.That((image.Parent, image.Layers.Count, image.Size), Is.EqualTo((_image.Id, 2, _image.Size + 6)));
        Assert.That(image.Config.History[^1].EmptyLayer, Is.False);
        var other = ContainerId.New();
        var root = await Stores.RootFileSystems.MountAsync(other, image.Layers, CancellationToken.None);
        try
        {
            Assert.That(await File.ReadAllTextAsync(Path.Join(root, "new")), Is.EqualTo("12345"));
            Assert.That(File.Exists(Path.Join(root, "bin/sh")), Is.False);
            Assert.That(Directory.GetFiles(Path.Join(root, "old")).Select(Path.GetFileName), Is.EqualTo(new[] { "other" }));
        }
        finally
        {
            await Stores.RootFileSystems.RemoveAsync(other, CancellationToken.None);
        }

        AssertNothingStaged();
    }

    [Test]
    public async Task A_committed_layer_can_be_saved_like_any_other()
    {
        await ChangeAsync(root => File.WriteAllText(Path.Join(root, "new"), "12345"));
        var image = await CommitAsync();

        await using var archive = Stores.ImageExports.Open([new ImageToSave(image, [], [])]);
        using var target = new MemoryStream();
        await archive.WriteToAsync(target, CancellationToken.None);

        var layer = Read(target.ToArray()).Single(file => file.Name.EndsWith(image.Layers[1].Hex, StringComparison.Ordinal)).Content;
        Assert.That(DigestOf(layer), Is.EqualTo(image.Layers[1]));
        Assert.That(Read(layer).Single().Name, Is.EqualTo("new"));
    }

    [Test]
    public async Task A_container_that_changed_nothing_makes_no_layer()
    {
        var image = await CommitAsync();

        Assert.That(image.Layers, Is.EqualTo(_image.Layers));
        Assert.That(image.Config.History[^1].EmptyLayer, Is.True);
        AssertNothingStaged();
    }

    [Test]
    public async Task What_carried_the_engines_mounts_is_left_out_and_what_the_user_did_beside_it_is_not()
    {
        var upper = Path.Join(Paths.Container(_id), "upper");
        Directory.CreateDirectory(Path.Join(upper, "etc"));
        await File.WriteAllTextAsync(Path.Join(upper, "etc/hosts"), "");
        Directory.CreateDirectory(Path.Join(upper, "run"));
        await File.WriteAllTextAsync(Path.Join(upper, "run/init"), "");
        Directory.CreateDirectory(Path.Join(upper, "proc"));
        File.CreateSymbolicLink(Path.Join(upper, "etc/mtab"), "/proc/mounts");
        Assert.That((await CommitAsync("etc/hosts", "etc/mtab", "run/init", "proc")).Layers, Is.EqualTo(_image.Layers));

        await File.WriteAllTextAsync(Path.Join(upper, "etc/mine"), "1");
        await File.WriteAllTextAsync(Path.Join(upper, "run/init"), "a file of the user's own");
        Directory.CreateDirectory(Path.Join(upper, "srv"));

        Assert.That(Names(await CommitAsync("etc/hosts", "etc/mtab", "run/init", "proc")), Is.EqualTo(new[] { "etc/", "etc/mine", "run/", "run/init", "srv/" }));
    }

    [Test]
    public async Task A_directory_whose_access_changed_is_kept_though_only_mounts_are_in_it()
    {
        var upper = Path.Join(Paths.Container(_id), "upper");
        Directory.CreateDirectory(Path.Join(upper, "etc"));
        File.SetUnixFileMode(Path.Join(upper, "etc"), UnixFileMode.UserRead);
        await File.WriteAllTextAsync(Path.Join(upper, "etc/hosts"), "");

        Assert.That(Names(await CommitAsync("etc/hosts")), Is.EqualTo(new[] { "etc/" }));
    }

    [Test]
    public async Task A_layer_below_that_is_gone_leaves_no_image()
    {
        await ChangeAsync(root => File.WriteAllText(Path.Join(root, "new"), "12345"));
        await using (var layer = await Stores.ContainerArchives.CopyAsync(_id, _image.Layers, [], CancellationToken.None))
        {
            await Stores.Images.RemoveAsync(_image.Id, CancellationToken.None);
            await Assert.ThrowsAsync<EngineException>(() => layer.AddImageAsync(_image.Layers, Config, null, null, CancellationToken.None));
        }

        Assert.That(Stores.Images.All, Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Paths.Layers), Is.Empty);
        AssertNothingStaged();
    }

    [Test]
    public async Task A_root_is_exported_though_it_is_unmounted_meanwhile()
    {
        var root = await Stores.RootFileSystems.MountAsync(_id, _image.Layers, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Join(root, "new"), "12345");
        File.Delete(Path.Join(root, "bin/sh"));
        File.CreateSymbolicLink(Path.Join(root, "out"), "/etc/passwd");
        await using var archive = Stores.ContainerArchives.OpenRoot(root);
        await Stores.RootFileSystems.UnmountAsync(_id, CancellationToken.None);
        Assert.That(Directory.GetFileSystemEntries(root), Is.Empty);

        using var target = new MemoryStream();
        await archive.WriteToAsync(target, CancellationToken.None);

        var reader = new TarReader(new MemoryStream(target.ToArray()));
        var entries = new List<TarEntry>();
        while (reader.Next() is { } entry) entries.Add(entry);
        Assert.That(entries.Select(entry => entry.Name), Is.EqualTo(new[] { "bin/", "etc/", "etc/passwd", "new", "old/", "old/file", "out" }));
        Assert.That(entries[^1].LinkTarget, Is.EqualTo("/etc/passwd"));
    }

    private async Task ChangeAsync(Action<string> change)
    {
        change(await Stores.RootFileSystems.MountAsync(_id, _image.Layers, CancellationToken.None));
        await Stores.RootFileSystems.UnmountAsync(_id, CancellationToken.None);
    }

    private async Task<Image> CommitAsync(params string[] placeholders)
    {
        await using var layer = await Stores.ContainerArchives.CopyAsync(_id, _image.Layers, placeholders, CancellationToken.None);
        return await layer.AddImageAsync(_image.Layers, Config, _image.Id, null, CancellationToken.None);
    }

    private List<string> Names(Image image)
    {
        using var tar = new MemoryStream();
        TarRecord.Rebuild(Paths.Layer(image.Layers[^1]), tar, CancellationToken.None);
        var reader = new TarReader(new MemoryStream(tar.ToArray()));
        var names = new List<string>();
        while (reader.Next() is { } entry) names.Add(entry.Name);
        return names;
    }

    private void AssertNothingStaged() => Assert.That(Directory.GetFileSystemEntries(Paths.Staging), Is.Empty);
}
