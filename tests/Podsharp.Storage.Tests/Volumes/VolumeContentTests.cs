using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Tests.Volumes;

[Category("Root")]
public sealed class VolumeContentTests : StoreFixture
{
    private string _root = "";
    private string _volume = "";

    [SetUp]
    public async Task MakeImageAndVolume()
    {
        _root = Path.Join(Paths.Root, "image");
        Directory.CreateDirectory(Path.Join(_root, "data"));
        await Stores.Volumes.AddAsync(new Volume { Name = "vol", Created = DateTimeOffset.UtcNow, MountPoint = "/" }, CancellationToken.None);
        _volume = Stores.Volumes.PathOf("vol");
    }

    [Test]
    public async Task Begins_anew_where_a_killed_service_left_half_a_copy()
    {
        await WriteAsync(_root, "data/seed", "whole");
        await WriteAsync(Path.GetDirectoryName(_volume)!, ".podsharp-copying/seed", "");

        await CopyUpAsync();

        Assert.That(await File.ReadAllTextAsync(Path.Join(_volume, "seed")), Is.EqualTo("whole"));
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(_volume)!), Is.EqualTo(new[] { _volume }));
    }

    [Test]
    public async Task Moves_in_what_a_killed_service_had_copied_and_leaves_what_has_come_since()
    {
        await WriteAsync(_root, "data/seed", "of another image");
        await WriteAsync(_volume, "first", "moved before");
        await WriteAsync(_volume, "third", "of a container");
        await WriteAsync(Path.GetDirectoryName(_volume)!, ".podsharp-copied/second", "copied");
        await WriteAsync(Path.GetDirectoryName(_volume)!, ".podsharp-copied/third", "copied");

        await CopyUpAsync();

        var content = Directory.GetFiles(_volume).Order(StringComparer.Ordinal).Select(path => $"{Path.GetFileName(path)}: {File.ReadAllText(path)}");
        Assert.That(content, Is.EqualTo(new[] { "first: moved before", "second: copied", "third: of a container" }));
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(_volume)!), Is.EqualTo(new[] { _volume }));
    }

    [Test]
    public async Task Lets_no_container_start_with_half_of_what_another_copies()
    {
        foreach (var number in Enumerable.Range(0, 500)) await WriteAsync(_root, $"data/{number}", "content");
        var copies = Enumerable.Range(0, 4).Select(_ => CopyUpAsync()).ToList();

        await Task.WhenAny(copies);

        Assert.That(Directory.GetFiles(_volume), Has.Length.EqualTo(500));
        await Task.WhenAll(copies);
    }

    [Test]
    public async Task Fills_what_is_mounted_on_the_volume()
    {
        await WriteAsync(_root, "data/below/seed", "content");
        MountPoint.Mount("tmpfs", _volume, "tmpfs", 0, "");
        try
        {
            await CopyUpAsync();

            Assert.That(Directory.GetFileSystemEntries(_volume), Is.EqualTo(new[] { Path.Join(_volume, "below") }));
            Assert.That(await File.ReadAllTextAsync(Path.Join(_volume, "below/seed")), Is.EqualTo("content"));
        }
        finally
        {
            MountPoint.Unmount(_volume);
        }
    }

    [Test]
    public async Task Leaves_the_volume_empty_when_its_disk_is_full()
    {
        await WriteAsync(_root, "data/seed", "content");
        await File.WriteAllBytesAsync(Path.Join(_root, "data/large"), Enumerable.Repeat((byte)1, 1 << 20).ToArray());
        MountPoint.Mount("tmpfs", _volume, "tmpfs", 0, "size=64k");
        try
        {
            var error = await Assert.ThrowsAsync<EngineException>(CopyUpAsync);

            Assert.That(error!.Message, Does.Contain("cannot be copied into the volume"));
            Assert.That(Directory.GetFileSystemEntries(_volume), Is.Empty);
        }
        finally
        {
            MountPoint.Unmount(_volume);
        }
    }

    private Task CopyUpAsync() => Stores.Volumes.CopyUpAsync("vol", _root, "/data", CancellationToken.None).AsTask();

    private static async Task WriteAsync(string directory, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(directory, path))!);
        await File.WriteAllTextAsync(Path.Join(directory, path), text);
    }
}
