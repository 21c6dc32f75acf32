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

    [TestCase("blocks")]
    [TestCase("inodes")]
    public async Task A_pull_onto_a_full_disk_says_so_keeps_nothing_and_works_when_there_is_room_again(string what)
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
        var service = await StartOnDiskAsync(megabytes: 96, inodes: 4096);
        await using var registry = await DockerRegistry.StartAsync(service);
        var name = $"{registry.Host}/too-big:latest";
        await (service.Docker.Command("load") with { Input = stream => WriteImageAsync(stream, files: 400, bytes: 50_000) }).OutputAsync();
        await service.Docker.OutputAsync("tag", "too-big:latest", name);
        await service.Docker.OutputAsync("push", "-q", name);
        await service.Docker.OutputAsync("rmi", name, "too-big:latest");
        var before = Entries(service);
        await FillAsync(what);

        var refused = await service.Docker.RunAsync("pull", name);

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Both, Does.Contain("no space left").IgnoreCase);
        Assert.That(Entries(service), Is.EqualTo(before));
        Empty();
        await service.Docker.OutputAsync("pull", "-q", name);
        Assert.That(await service.Docker.LinesAsync("images", "-q"), Has.Length.EqualTo(1));
    }

    [TestCase("blocks")]
    [TestCase("inodes")]
    public async Task A_commit_and_an_import_onto_a_full_disk_say_so_and_keep_nothing(string what)
    {
        var service = await StartOnDiskAsync(megabytes: 96, inodes: 4096);
        await service.LoadImageAsync();
        await service.Docker.OutputAsync(
            "run", "--name", "writer", "--network", "none", Image, "sh", "-c", "i=0; while [ $i -lt 300 ]; do dd if=/dev/urandom of=/f$i bs=50000 count=1 2>/dev/null; i=$((i+1)); done");
        await FillAsync(what);
        var before = Entries(service);

        var commit = await service.Docker.RunAsync("commit", "writer", "made:1");
        var import = await (service.Docker.Command("import", "-", "made:2") with { Input = stream => WriteLayerAsync(stream, files: 400, bytes: 50_000) }).RunAsync();

        foreach (var refused in new[] { commit, import })
        {
            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Error, Does.Contain("no space left").IgnoreCase);
        }

        Assert.That(Entries(service), Is.EqualTo(before));
        Empty();
        await service.Docker.OutputAsync("commit", "writer", "made:1");
        await service.Docker.OutputAsync("rm", "writer");
    }

    private string Ballast => Path.Join(_disk!.MountPoint, "ballast");

    /// <summary>Leaves 4 MB or 100 inodes.</summary>
    private async Task FillAsync(string what) => await new Command("sh", "-c", what == "blocks"
        ? $"mkdir {Ballast}; free=$(df --output=avail -B 1M {Ballast} | tail -1); dd if=/dev/zero of={Ballast}/0 bs=1M count=$((free - 4)) 2>/dev/null"
        : $"mkdir {Ballast}; free=$(df --output=iavail {Ballast} | tail -1); i=100; while [ $i -lt $free ]; do : > {Ballast}/$i; i=$((i+1)); done").OutputAsync();

    private void Empty() => Directory.Delete(Ballast, recursive: true);

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

    private static async Task WriteLayerAsync(Stream stream, int files, int bytes)
    {
        await using var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
        for (var i = 0; i < files; i++)
        {
            var content = new byte[bytes];
            Random.Shared.NextBytes(content);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, $"file-{i}") { DataStream = new MemoryStream(content) });
        }
    }

    private static async Task WriteImageAsync(Stream stream, int files, int bytes)
    {
        using var layer = new MemoryStream();
        await WriteLayerAsync(layer, files, bytes);
        await BusyboxImage.WriteDockerArchiveAsync(stream, "too-big:latest", layer.ToArray());
    }
}
