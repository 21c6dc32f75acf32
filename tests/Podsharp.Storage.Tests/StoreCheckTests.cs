using System.Diagnostics;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Volumes;
using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Tar;
using static Podsharp.Storage.Tests.Archives.ArchiveSamples;

namespace Podsharp.Storage.Tests;

[Category("Root")]
public sealed class StoreCheckTests : StoreFixture
{
    private static readonly byte[] Archive = ArchiveOf("a:1", Layer(("bin/sh", "shell"), ("etc/passwd", "root")));

    [Test]
    public async Task A_sound_store_has_no_faults()
    {
        var image = await LoadAsync();

        Assert.That(Stores.Check.Layers, Is.EqualTo(image.Layers));
        Assert.That(Stores.Check.Blobs, Is.EquivalentTo(new[] { image.Id, image.ManifestDigest!.Value }));
        Assert.That(await Stores.Check.FaultOfLayerAsync(image.Layers[0], CancellationToken.None), Is.Null);
        Assert.That(await Stores.Check.FaultOfBlobAsync(image.Id, CancellationToken.None), Is.Null);
    }

    [TestCase("diff/bin/sh", "shall")]
    [TestCase("diff/bin/sh", "sh")]
    [TestCase("diff/bin/sh", null)]
    [TestCase("tar", "no record")]
    [TestCase("tar", "")]
    [TestCase("tar", null)]
    public async Task A_changed_layer_is_found(string file, string? content)
    {
        var layer = (await LoadAsync()).Layers[0];
        var path = Path.Join(Paths.Layer(layer), file);
        File.Delete(path);
        if (content is not null) await File.WriteAllTextAsync(path, content);

        Assert.That(await Stores.Check.FaultOfLayerAsync(layer, CancellationToken.None), Is.Not.Null.And.Not.Empty);
    }

    [TestCase("chmod 4755 bin/sh", "bin/sh has the mode 4755, not 0644")]
    [TestCase("chown 7:8 etc/passwd", "etc/passwd belongs to 7:8, not 0:0")]
    [TestCase("touch -d @77 bin/sh", "bin/sh has another time of change")]
    [TestCase("touch -r bin/sh bin/more", "bin/more is not the layer's")]
    [TestCase("chmod 777 etc", "etc has the mode 0777, not 0755")]
    [TestCase("chmod 700 .", "its root has the mode 0700, not 0755")]
    [TestCase("ln -sfn sh link", "link points to sh, not bin/sh")]
    public async Task A_layer_whose_files_are_not_as_its_tar_says_is_found(string change, string fault)
    {
        var tar = Layer(("bin/sh", "shell"), ("etc/passwd", "root"));
        using (var extended = new MemoryStream())
        {
            var writer = new TarWriter(extended);
            writer.Add(new TarEntry { Name = "link", Kind = TarKind.SymbolicLink, LinkTarget = "bin/sh", Mode = 0b111_111_111 });
            extended.Write(tar);
            tar = extended.ToArray();
        }

        var layer = (await Stores.ImageArchives.LoadAsync(new MemoryStream(ArchiveOf("a:1", tar)), CancellationToken.None)).Single().Image.Layers[0];
        Assert.That(await Stores.Check.FaultOfLayerAsync(layer, CancellationToken.None), Is.Null);

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-e", "-c", change]) { WorkingDirectory = Path.Join(Paths.Layer(layer), "diff") })!;
        await shell.WaitForExitAsync();
        Assert.That(shell.ExitCode, Is.Zero);

        Assert.That(await Stores.Check.FaultOfLayerAsync(layer, CancellationToken.None), Is.EqualTo(fault));
        Assert.That(Directory.GetFileSystemEntries(Paths.Staging), Is.Empty);
    }

    [Test]
    public async Task A_directory_of_a_layer_that_was_made_opaque_is_found()
    {
        var layer = (await LoadAsync()).Layers[0];
        using (var diff = DirectoryHandle.Open(Path.Join(Paths.Layer(layer), "diff"))) ExtendedAttributes.Set(diff, "etc", LayerAttributes.Opaque, "y"u8);

        Assert.That(await Stores.Check.FaultOfLayerAsync(layer, CancellationToken.None), Is.EqualTo("etc has other extended attributes"));
    }

    [Test]
    public async Task A_damaged_layer_and_a_damaged_blob_are_replaced()
    {
        var image = await LoadAsync();
        var config = await File.ReadAllBytesAsync(Paths.Blob(image.Id));
        await File.WriteAllTextAsync(Path.Join(Paths.Layer(image.Layers[0]), "diff/bin/sh"), "shall");
        await File.WriteAllTextAsync(Paths.Blob(image.Id), "{}");
        var tar = Layer(("bin/sh", "shell"), ("etc/passwd", "root"));

        using (var staged = await Stores.ImageIngest.StageLayerAsync(new MemoryStream(tar), image.Layers[0], image.Layers[0], CancellationToken.None))
            await Stores.Check.ReplaceLayerAsync(staged, CancellationToken.None);
        await Stores.Check.ReplaceBlobAsync(config, CancellationToken.None);
        await ReopenAsync();

        Assert.That(await Stores.Check.FaultOfLayerAsync(image.Layers[0], CancellationToken.None), Is.Null);
        Assert.That(await Stores.Check.FaultOfBlobAsync(image.Id, CancellationToken.None), Is.Null);
        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);
        Assert.That(Directory.GetFileSystemEntries(Paths.Layers), Is.Empty);
    }

    [Test]
    public async Task A_changed_blob_is_found()
    {
        var image = await LoadAsync();
        await File.WriteAllTextAsync(Paths.Blob(image.Id), "{}");

        Assert.That(await Stores.Check.FaultOfBlobAsync(image.Id, CancellationToken.None), Is.EqualTo("its content has another digest"));
    }

    [Test]
    public async Task What_was_dropped_comes_back_with_the_next_load()
    {
        var image = await LoadAsync();
        await File.WriteAllTextAsync(Path.Join(Paths.Layer(image.Layers[0]), "diff/bin/sh"), "shall");
        await File.WriteAllTextAsync(Paths.Blob(image.Id), "{}");

        await Stores.Check.DropLayerAsync(image.Layers[0], CancellationToken.None);
        await Stores.Check.DropBlobAsync(image.Id, CancellationToken.None);
        Assert.That(Directory.Exists(Paths.Layer(image.Layers[0])), Is.False);
        Assert.Throws<EngineException>(() => Stores.ImageExports.Open([new ImageToSave(image, [], [])]));
        await ReopenAsync();
        await LoadAsync();

        Assert.That(await Stores.Check.FaultOfLayerAsync(image.Layers[0], CancellationToken.None), Is.Null);
        Assert.That(Stores.Check.Layers, Is.EqualTo(image.Layers));
        Assert.That(await Stores.Check.FaultOfBlobAsync(image.Id, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task The_next_start_removes_what_belongs_to_nobody()
    {
        var image = await LoadAsync();
        var known = NewContainer("known", image.Layers);
        await Stores.Containers.AddAsync(known, CancellationToken.None);
        var unknown = ContainerId.New();
        foreach (var id in new[] { known.Id, unknown }) await Stores.RootFileSystems.CreateAsync(id, CancellationToken.None);
        await Stores.RootFileSystems.MountAsync(unknown, image.Layers, CancellationToken.None);
        Directory.CreateDirectory(Path.Join(Paths.Layers, new string('b', 64), "diff"));
        await File.WriteAllTextAsync(Path.Join(Paths.Blobs, new string('c', 64)), "x");
        Directory.CreateDirectory(Path.Join(Paths.Staging, "half-made"));

        await ReopenAsync();
        await ReopenAsync();

        Assert.That(Directory.GetDirectories(Paths.Containers).Select(Path.GetFileName), Is.EqualTo(new[] { known.Id.ToString() }));
        Assert.That(Directory.GetDirectories(Paths.RunContainers), Is.Empty);
        Assert.That(Directory.GetDirectories(Paths.Layers).Select(Path.GetFileName), Is.EqualTo(new[] { image.Layers[0].Hex }));
        Assert.That(Stores.Check.Blobs, Has.Count.EqualTo(2));
        Assert.That(Directory.GetFileSystemEntries(Paths.Staging), Is.Empty);
    }

    [Test]
    public async Task A_volumes_content_without_a_record_is_nobodys_to_remove()
    {
        await Stores.Volumes.AddAsync(new Volume { Name = "gone", Created = DateTimeOffset.UtcNow, MountPoint = "" }, CancellationToken.None);
        Directory.CreateDirectory(Paths.VolumeData("stray"));
        await File.WriteAllTextAsync(Path.Join(Paths.VolumeData("stray"), "precious"), "x");

        await Stores.Volumes.RemoveAsync("gone", CancellationToken.None);
        await ReopenAsync();

        Assert.That(Directory.GetDirectories(Paths.Volumes).Select(Path.GetFileName), Is.EqualTo(new[] { "stray" }));
    }

    private async Task<Image> LoadAsync() => (await Stores.ImageArchives.LoadAsync(new MemoryStream(Archive), CancellationToken.None)).Single().Image;
}
