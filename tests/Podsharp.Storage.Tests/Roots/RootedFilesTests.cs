using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Tests.Roots;

public sealed class RootedFilesTests
{
    private readonly RootedFiles _files = new();
    private string _root = "";

    [SetUp]
    public void MakeRoot() => _root = Directory.CreateTempSubdirectory("podsharp-rooted-").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(_root, recursive: true);

    [Test]
    public void A_link_is_made_with_its_missing_directories()
    {
        _files.MakeSymbolicLink(_root, "/etc/mtab", "/proc/mounts");

        Assert.That(new FileInfo(Path.Join(_root, "etc/mtab")).LinkTarget, Is.EqualTo("/proc/mounts"));
    }

    [Test]
    public void A_link_replaces_nothing()
    {
        Directory.CreateDirectory(Path.Join(_root, "etc"));
        File.WriteAllText(Path.Join(_root, "etc/mtab"), "the image's own");

        _files.MakeSymbolicLink(_root, "/etc/mtab", "/proc/mounts");

        Assert.That(File.ReadAllText(Path.Join(_root, "etc/mtab")), Is.EqualTo("the image's own"));
    }

    [Test]
    public void A_link_whose_directory_leads_out_of_the_root_is_made_within_it()
    {
        var outside = Directory.CreateDirectory(Path.Join(_root, "outside")).FullName;
        var root = Directory.CreateDirectory(Path.Join(_root, "root")).FullName;
        Directory.CreateDirectory(Path.Join(root, outside));
        File.CreateSymbolicLink(Path.Join(root, "etc"), outside);

        _files.MakeSymbolicLink(root, "/etc/mtab", "/proc/mounts");

        Assert.That(Directory.GetFileSystemEntries(outside), Is.Empty);
        Assert.That(new FileInfo(Path.Join(root, outside, "mtab")).LinkTarget, Is.EqualTo("/proc/mounts"));
    }

    [Test]
    public void A_directory_tells_its_mode_through_links_within_the_root_and_nothing_else_does()
    {
        const UnixFileMode shared = UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite;
        File.SetUnixFileMode(Directory.CreateDirectory(Path.Join(_root, "run")).FullName, shared);
        Directory.CreateDirectory(Path.Join(_root, "var"));
        File.CreateSymbolicLink(Path.Join(_root, "var/run"), "/run");
        File.WriteAllText(Path.Join(_root, "file"), "");

        Assert.That(_files.DirectoryMode(_root, "/var/run"), Is.EqualTo((int)shared));
        Assert.That(_files.DirectoryMode(_root, "/file"), Is.Null);
        Assert.That(_files.DirectoryMode(_root, "/none"), Is.Null);
    }
}
