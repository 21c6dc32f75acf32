using Podsharp.Linux.Mounts;

namespace Podsharp.Linux.Tests.Mounts;

[Category("Root")]
public sealed class MountPointTests
{
    [Test]
    public void Knows_what_it_mounted_and_unmounts_it_though_busy()
    {
        var path = Directory.CreateTempSubdirectory("podsharp mount").FullName;
        try
        {
            MountPoint.Mount("tmp", path, "tmpfs", MountFlags.NoDevices, "size=1m");
            Assert.That(MountPoint.IsMounted(path), Is.True);
            Assert.That(MountTable.Holding(Path.Join(path, "x"))!.Type, Is.EqualTo("tmpfs"));
            using (File.Create(Path.Join(path, "held"))) Assert.That(MountPoint.Unmount(path), Is.True);

            Assert.That(MountPoint.IsMounted(path), Is.False);
            Assert.That(MountPoint.Unmount(path), Is.False);
        }
        finally
        {
            Directory.Delete(path);
        }
    }
}
