using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Layers;

[Category("Root")]
public sealed class LayerExtractorTests : LayerFixture
{
    [Test]
    public void Gives_files_their_owner_mode_time_and_attributes()
    {
        var (entry, data) = File("bin/ping", "elf", 0b100_111_101_101);
        var tar = Archive(
            Folder("bin", 0b001_111_111_111),
            (entry with
            {
                UserId = 4_000_000, GroupId = 7, Modified = new FileTime(1_600_000_000, 123_456_789),
                Attributes = [("user.note", "x\n=y"u8.ToArray()), ("trusted.overlay.redirect", "/etc"u8.ToArray())],
            }, data));

        var layer = Extract(tar);

        using var diff = DirectoryHandle.Open(Path.Join(Diff, "bin"));
        var status = diff.Status("ping")!.Value;
        Assert.That((status.UserId, status.GroupId, status.Mode), Is.EqualTo((4_000_000u, 7u, 0b100_111_101_101)));
        Assert.That(status.Modified, Is.EqualTo(new FileTime(1_600_000_000, 123_456_789)));
        Assert.That(ExtendedAttributes.Get(diff, "ping", "user.note"), Is.EqualTo("x\n=y"u8.ToArray()));
        Assert.That(ExtendedAttributes.Get(diff, "ping", "trusted.overlay.redirect"), Is.Null);
        Assert.That(diff.Status()!.Value.Mode, Is.EqualTo(0b001_111_111_111));
        Assert.That(diff.Status()!.Value.Modified.Seconds, Is.Zero);
        Assert.That(layer.Size, Is.EqualTo(3));
        AssertRebuilds(tar, layer);
    }

    [TestCase(0b110_110_110)]
    [TestCase(0b111_111_111)]
    [TestCase(0b010_110_000_000)]
    [TestCase(0)]
    public void Gives_files_their_mode_and_group_whatever_umask_and_directory_would_make_of_it(int mode)
    {
        var (entry, data) = File("shared/file", "x", mode);
        // Set-group-id: a new file in it is of its group.
        var (folder, nothing) = Folder("shared", 0b010_111_111_111);
        var tar = Archive((folder with { GroupId = 7 }, nothing), (entry, data));

        Extract(tar);

        using var diff = DirectoryHandle.Open(Path.Join(Diff, "shared"));
        var status = diff.Status("file")!.Value;
        Assert.That((status.UserId, status.GroupId, status.Mode), Is.EqualTo((0u, 0u, mode)));
    }

    [Test]
    public void Makes_whiteouts_devices_and_opaque_directories_attributes()
    {
        var tar = Archive(Folder("a"), File("a/.wh.gone"), Folder("b"), File("b/.wh..wh..opq"), File(".wh.top"), File(".wh..wh.plnk/1.2", "aufs"));

        AssertRebuilds(tar, Extract(tar));

        using var diff = DirectoryHandle.Open(Diff);
        using var a = diff.OpenDirectory("a");
        var gone = a.Status("gone")!.Value;
        Assert.That((gone.Kind, gone.DeviceMajor, gone.DeviceMinor), Is.EqualTo((FileKind.CharacterDevice, 0u, 0u)));
        Assert.That(diff.Status("top")!.Value.Kind, Is.EqualTo(FileKind.CharacterDevice));
        Assert.That(ExtendedAttributes.Get(diff, "b", "trusted.overlay.opaque"), Is.EqualTo("y"u8.ToArray()));
        Assert.That(diff.List(), Is.EquivalentTo(new[] { "a", "b", "top" }));
    }

    [Test]
    public void Lets_a_layers_own_entry_win_over_its_whiteout_in_either_order()
    {
        var tar = Archive(
            File(".wh.file"), File("file", "new"), File("other", "mine"), File(".wh.other"),
            File(".wh.dir"), Folder("dir"), Folder("late"), File(".wh.late"));

        AssertRebuilds(tar, Extract(tar));

        Assert.That(ReadText("file"), Is.EqualTo("new"));
        Assert.That(ReadText("other"), Is.EqualTo("mine"));
        using var diff = DirectoryHandle.Open(Diff);
        Assert.That(ExtendedAttributes.Get(diff, "dir", "trusted.overlay.opaque"), Is.EqualTo("y"u8.ToArray()));
        Assert.That(ExtendedAttributes.Get(diff, "late", "trusted.overlay.opaque"), Is.EqualTo("y"u8.ToArray()));
    }

    [Test]
    public void Links_names_to_one_file()
    {
        var tar = Archive(File("a/one", "x"), Link("two", "a/one", TarKind.HardLink), Link("three", "/a/./one", TarKind.HardLink));

        AssertRebuilds(tar, Extract(tar));

        using var diff = DirectoryHandle.Open(Diff);
        Assert.That(diff.Status("two")!.Value.Inode, Is.EqualTo(diff.Status("three")!.Value.Inode));
        Assert.That(diff.Status("two")!.Value.Links, Is.EqualTo(3));
    }

    [Test]
    public void Keeps_names_that_are_no_text()
    {
        var name = PathText.FromBytes([(byte)'d', 0xff, 0xfe, (byte)'/', 0xc3, 0x28]);
        var tar = Archive(File(name, "x"), File(new string('n', 200) + "/" + new string('m', 180), "long"));

        AssertRebuilds(tar, Extract(tar));

        using var diff = DirectoryHandle.Open(Path.Join(Diff));
        using var directory = diff.OpenDirectory(PathText.FromBytes([(byte)'d', 0xff, 0xfe]));
        Assert.That(directory.Status(PathText.FromBytes([0xc3, 0x28])), Is.Not.Null);
        Assert.That(diff.List().Single(one => one.StartsWith('n')), Has.Length.EqualTo(200));
    }

    [Test]
    public void Writes_files_with_holes_as_holes()
    {
        var extents = new[] { new TarExtent(0, 5), new TarExtent(50 << 20, 3) };
        var tar = Archive((new TarEntry { Name = "sparse", Kind = TarKind.File, Mode = 0b110_000_000, Size = 100 << 20, Extents = extents }, "helloend"u8.ToArray()));

        var layer = Extract(tar);

        using var diff = DirectoryHandle.Open(Diff);
        var status = diff.Status("sparse")!.Value;
        Assert.That(status.Size, Is.EqualTo(100 << 20));
        Assert.That(status.Blocks * 512, Is.LessThan(1 << 20));
        AssertRebuilds(tar, layer);
    }

    [Test]
    public void Rebuilds_what_later_entries_replaced()
    {
        var tar = Archive(
            File("file", "first"), File("file", "second"), Folder("dir"), File("dir/in", "deep"), File("dir", "now a file"),
            File("dir2/x", "1"), Link("dir2/y", "x", TarKind.SymbolicLink), Link("to", "dir2"), File("to/through", "2"), File("to", "no link now"),
            File("file", "third"));

        AssertRebuilds(tar, Extract(tar));

        Assert.That(ReadText("file"), Is.EqualTo("third"));
        Assert.That(ReadText("dir"), Is.EqualTo("now a file"));
        Assert.That(ReadText("dir2/through"), Is.EqualTo("2"));
        Assert.That(ReadText("to"), Is.EqualTo("no link now"));
    }

    [TestCase("../evil")]
    [TestCase("a/../../evil")]
    [TestCase("/../evil")]
    public void Refuses_paths_that_climb_out(string name) =>
        Assert.Throws<InvalidDataException>(() => Extract(Archive(File(name, "x"))));

    [TestCase("/etc")]
    [TestCase("../../../../../../etc")]
    public void Keeps_what_goes_through_links_inside(string target)
    {
        var outside = Directory.CreateTempSubdirectory("podsharp-outside");
        try
        {
            var tar = Archive(Link("out", target == "/etc" ? outside.FullName : ".." + outside.FullName), File("out/evil", "x"));
            try
            {
                Extract(tar);
            }
            catch (InvalidDataException)
            {
                // Refusing is as good as keeping it inside.
            }

            Assert.That(outside.GetFileSystemInfos(), Is.Empty);
        }
        finally
        {
            outside.Delete();
        }
    }

    [Test]
    public void Refuses_hard_links_to_the_hosts_files()
    {
        var tar = Archive(Link("passwd", "/etc/passwd", TarKind.HardLink));

        Assert.Throws<InvalidDataException>(() => Extract(tar));
    }

    [Test]
    public void Refuses_more_entries_and_depth_than_its_limits()
    {
        Assert.Throws<InvalidDataException>(() => Extract(Archive(File("a"), File("b"), File("c")), new ExtractionLimits(Entries: 2)));
    }

    [Test]
    public void Refuses_deep_paths()
    {
        var deep = string.Join('/', Enumerable.Repeat("d", 500));
        Assert.Throws<InvalidDataException>(() => Extract(Archive(File(deep))));
    }

    [Test]
    public void Refuses_an_archive_cut_off_in_the_middle()
    {
        var tar = Archive(File("a", new string('x', 5000)));

        Assert.Throws<InvalidDataException>(() => Extract(tar[..3000]));
    }

    [Test]
    public void Keeps_the_end_of_the_archive_whatever_it_is()
    {
        byte[] tar = [.. Archive(File("a", "x")), .. new byte[10240], .. "trailing rubbish"u8];

        AssertRebuilds(tar, Extract(tar));
    }
}
