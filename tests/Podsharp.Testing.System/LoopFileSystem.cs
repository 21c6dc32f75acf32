namespace Podsharp.Testing.System;

/// <summary>A small ext4 file system in a file, for stores that run full.</summary>
public sealed class LoopFileSystem : IAsyncDisposable
{
    private readonly string _image;

    private LoopFileSystem(string directory)
    {
        MountPoint = directory;
        _image = directory + ".img";
    }

    public string MountPoint { get; }

    public static async Task<LoopFileSystem> CreateAsync(int megabytes, int inodes)
    {
        var made = new LoopFileSystem($"/var/tmp/podsharp-test-disk-{Path.GetRandomFileName()[..8]}");
        Directory.CreateDirectory(made.MountPoint);
        await using (var file = File.Create(made._image)) file.SetLength((long)megabytes << 20);
        await new Command("mkfs.ext4", "-q", "-m", "0", "-N", inodes.ToString(), made._image).OutputAsync();
        await new Command("mount", "-o", "loop", made._image, made.MountPoint).OutputAsync();
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await new Command("umount", "-l", MountPoint).RunAsync();
        File.Delete(_image);
        Directory.Delete(MountPoint);
    }
}
