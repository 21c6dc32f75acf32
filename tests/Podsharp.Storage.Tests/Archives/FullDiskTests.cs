using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux.Mounts;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class FullDiskTests
{
    private string _root = "";
    private string _run = "";

    [SetUp]
    public void MakeDirectories()
    {
        _root = Directory.CreateTempSubdirectory("podsharp-full").FullName;
        _run = Directory.CreateTempSubdirectory("podsharp-run").FullName;
    }

    [TearDown]
    public void Remove()
    {
        MountPoint.Unmount(_root);
        Directory.Delete(_root);
        Directory.Delete(_run, recursive: true);
    }

    [TestCase("size=4m", 1, 8 << 20)]
    [TestCase("size=64m,nr_inodes=150", 1000, 10)]
    public async Task Says_that_the_disk_is_full_and_leaves_nothing(string options, int files, int size)
    {
        MountPoint.Mount("full", _root, "tmpfs", MountFlags.None, options);
        var paths = new StorePaths(_root, _run);
        await using var stores = await Stores.OpenAsync(paths, "boot", TimeProvider.System, NullLoggerFactory.Instance);

        var error = await Assert.ThrowsAsync<EngineException>(
            () => stores.ImageArchives.ImportAsync(Tar(files, size), new ImageConfig(), null, CancellationToken.None));

        Assert.That(error!.Kind, Is.EqualTo(ErrorKind.Exhausted));
        Assert.That(error.Message, Does.Contain("no space left"));
        Assert.That(Directory.GetFileSystemEntries(paths.Staging), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(paths.Layers), Is.Empty);
        Assert.That(stores.Images.All, Is.Empty);
        // And there is room again for what is small.
        await stores.ImageArchives.ImportAsync(Tar(1, 10), new ImageConfig(), null, CancellationToken.None);
    }

    private static MemoryStream Tar(int files, int size)
    {
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        for (var i = 0; i < files; i++)
        {
            writer.Add(new TarEntry { Name = $"f{i}", Kind = TarKind.File, Size = size });
            writer.Write(new byte[size]);
        }

        writer.Finish();
        stream.Position = 0;
        return stream;
    }
}
