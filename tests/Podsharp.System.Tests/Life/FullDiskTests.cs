using System.Formats.Tar;

namespace Podsharp.System.Tests.Life;

/// <summary>A store on a file system that runs out of blocks or inodes.</summary>
public sealed class FullDiskTests : ServiceTest
{
    private LoopFileSystem? _disk;

    [TearDown]
    public async Task UnmountAsync()
    {
        await StopServicesAsync();
        if (_disk is not null) await _disk.DisposeAsync();
        _disk = null;
    }

    [Test]
    public async Task Loading_onto_a_full_disk_says_so_and_leaves_nothing_half_made()
    {
        var service = await StartOnDiskAsync(megabytes: 48, inodes: 4096);
        var before = Entries(service);

        var result = await (service.Docker.Command("load") with { Input = stream => WriteImageAsync(stream, files: 80, bytes: 1 << 20) }).RunAsync();

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("no space left").IgnoreCase);
        await AssertUnharmedAsync(service, before);
    }

    [Test]
    public async Task Loading_with_the_inodes_exhausted_says_so_and_leaves_nothing_half_made()
    {
        var service = await StartOnDiskAsync(megabytes: 64, inodes: 1024);
        var before = Entries(service);

        var result = await (service.Docker.Command("load") with { Input = stream => WriteImageAsync(stream, files: 3000, bytes: 1) }).RunAsync();

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("no space left").IgnoreCase);
        Assert.That(result.Error, Does.Contain("inode").IgnoreCase);
        await AssertUnharmedAsync(service, before);
    }

    [Test]
    public async Task A_container_without_inodes_left_is_refused_and_works_when_there_is_room_again()
    {
        var service = await StartOnDiskAsync(megabytes: 48, inodes: 1024);
        await service.LoadImageAsync();
        var ballast = Path.Join(_disk!.MountPoint, "ballast");
        await new Command("sh", "-c", $"mkdir {ballast}; i=0; while : > {ballast}/$i; do i=$((i+1)); done").RunAsync();

        var refused = await service.Docker.RunAsync("run", "--rm", Image, "echo", "hi");
        Directory.Delete(ballast, recursive: true);

        Assert.That(refused.ExitCode, Is.EqualTo(125));
        Assert.That(refused.Error, Does.Contain("no space left").IgnoreCase);
        Assert.That(await service.Docker.OutputAsync("run", "--rm", Image, "echo", "hi"), Is.EqualTo("hi"));
    }

    private async Task<PodsharpService> StartOnDiskAsync(int megabytes, int inodes)
    {
        _disk = await LoopFileSystem.CreateAsync(megabytes, inodes);
        return await StartAsync(new ServiceSetup { Root = Path.Join(_disk.MountPoint, "root") });
    }

    private static async Task AssertUnharmedAsync(PodsharpService service, string[] before)
    {
        Assert.That(await service.Docker.LinesAsync("images", "-q"), Is.Empty);
        Assert.That(Entries(service), Is.EqualTo(before));
        await service.LoadImageAsync();
        Assert.That(await service.Docker.OutputAsync("run", "--rm", Image, "echo", "hi"), Is.EqualTo("hi"));
    }

    private static string[] Entries(PodsharpService service) =>
        [.. Directory.EnumerateFileSystemEntries(service.Root, "*", SearchOption.AllDirectories).Where(path => !Path.GetFileName(path).StartsWith("store.db", StringComparison.Ordinal)).Order()];

    private static async Task WriteImageAsync(Stream stream, int files, int bytes)
    {
        using var layer = new MemoryStream();
        await using (var tar = new TarWriter(layer, TarEntryFormat.Pax, leaveOpen: true))
        {
            var content = new byte[bytes];
            Random.Shared.NextBytes(content);
            for (var i = 0; i < files; i++)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"file-{i}") { DataStream = new MemoryStream(content) });
        }

        await BusyboxImage.WriteDockerArchiveAsync(stream, "too-big:latest", layer.ToArray());
    }
}
