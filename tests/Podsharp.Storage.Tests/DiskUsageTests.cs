using System.Diagnostics;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Volumes;
using Podsharp.Storage.Tests.Archives;

namespace Podsharp.Storage.Tests;

[Category("Root")]
public sealed class DiskUsageTests : StoreFixture
{
    [Test]
    public async Task A_layer_takes_what_du_says_and_is_counted_once()
    {
        var image = await LoadAsync();
        var path = Paths.Layer(image.Layers[0]);

        var first = await Stores.DiskUsage.LayersAsync(CancellationToken.None);
        Assert.That(first, Is.EqualTo(new Dictionary<Digest, long> { [image.Layers[0]] = await DuAsync(path) }));

        await File.WriteAllBytesAsync(Path.Join(path, "later"), new byte[1 << 20]);
        await ReopenAsync();
        Assert.That(await Stores.DiskUsage.LayersAsync(CancellationToken.None), Is.EqualTo(first));
    }

    [Test]
    public async Task A_removed_layer_is_not_counted_any_more()
    {
        var image = await LoadAsync();
        await Stores.DiskUsage.LayersAsync(CancellationToken.None);

        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        Assert.That(await Stores.DiskUsage.LayersAsync(CancellationToken.None), Is.Empty);
        Assert.That(await Stores.DiskUsage.BlobsAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task Containers_and_volumes_take_what_du_says_with_links_and_holes()
    {
        var id = ContainerId.New();
        await Stores.RootFileSystems.CreateAsync(id, CancellationToken.None);
        var upper = Path.Join(Paths.Container(id), "upper");
        await File.WriteAllBytesAsync(Path.Join(upper, "one"), new byte[300_000]);
        File.CreateSymbolicLink(Path.Join(upper, "link"), "one");
        await Process.Start("ln", [Path.Join(upper, "one"), Path.Join(upper, "hard")]).WaitForExitAsync();
        await using (var hole = File.Create(Path.Join(upper, "hole"))) hole.SetLength(1L << 40);
        await Stores.Volumes.AddAsync(new Volume { Name = "v", Created = DateTimeOffset.UtcNow, MountPoint = Paths.VolumeData("v") }, CancellationToken.None);
        await File.WriteAllBytesAsync(Path.Join(Paths.VolumeData("v"), "file"), new byte[100_000]);

        Assert.That(await Stores.DiskUsage.ContainerAsync(id, CancellationToken.None), Is.EqualTo(await DuAsync(Paths.Container(id))));
        Assert.That(await Stores.DiskUsage.VolumeAsync("v", CancellationToken.None), Is.EqualTo(await DuAsync(Paths.Volume("v"))));
        Assert.That(await Stores.DiskUsage.VolumeAsync("none", CancellationToken.None), Is.Zero);
        await Stores.RootFileSystems.RemoveAsync(id, CancellationToken.None);
    }

    private async Task<Image> LoadAsync()
    {
        var layer = ArchiveSamples.Layer(("a/file", new string('x', 50_000)), ("b", "small"));
        return (await Stores.ImageArchives.LoadAsync(new MemoryStream(ArchiveSamples.ArchiveOf("a:1", layer)), CancellationToken.None)).Single().Image;
    }

    private static async Task<long> DuAsync(string path)
    {
        using var du = Process.Start(new ProcessStartInfo("du", ["-s", "--block-size=1", path]) { RedirectStandardOutput = true })!;
        return long.Parse((await du.StandardOutput.ReadToEndAsync()).Split('\t')[0]);
    }
}
