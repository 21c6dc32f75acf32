using Podsharp.Linux.Files;

namespace Podsharp.Linux.Tests.Files;

public sealed class DirectoryHandleTests
{
    private string _path = "";

    [SetUp]
    public void MakeDirectory() => _path = Directory.CreateTempSubdirectory("podsharp-files").FullName;

    [TearDown]
    public void RemoveDirectory() => FileTree.Remove(_path);

    [TestCase("/etc/passwd")]
    [TestCase("../../../../../../etc/passwd")]
    public void Resolves_absolute_links_and_parents_inside_the_root(string target)
    {
        File.CreateSymbolicLink(Path.Join(_path, "link"), target);
        using var root = DirectoryHandle.Open(_path);

        Assert.That(root.TryOpenFile("link", FileFlags.ReadOnly, 0, PathResolution.InRoot, out var error), Is.Null);
        Assert.That(error, Is.EqualTo(ErrorNumber.NoEntry));
        Directory.CreateDirectory(Path.Join(_path, "etc"));
        File.WriteAllText(Path.Join(_path, "etc/passwd"), "inside");
        using var file = root.OpenFile("link", FileFlags.ReadOnly);
        Assert.That(RandomAccess.GetLength(file), Is.EqualTo(6));
    }

    [Test]
    public void Spreads_its_children_where_the_file_system_can()
    {
        using var directory = DirectoryHandle.Open(_path);

        var can = directory.TrySpreadChildren();

        // As often as one likes, and the directory is as usable as before.
        Assert.That(directory.TrySpreadChildren(), Is.EqualTo(can));
        Assert.That(directory.MakeDirectory("child", 0b111_000_000), Is.True);
        using var proc = DirectoryHandle.Open("/proc");
        Assert.That(proc.TrySpreadChildren(), Is.False);
    }

    [Test]
    public void Renames_to_a_name_that_is_free_only()
    {
        File.WriteAllText(Path.Join(_path, "one"), "one");
        File.WriteAllText(Path.Join(_path, "two"), "two");
        using var directory = DirectoryHandle.Open(_path);

        Assert.That(directory.TryRename("one", directory, "two"), Is.False);
        Assert.That(directory.TryRename("one", directory, "three"), Is.True);

        Assert.That(File.ReadAllText(Path.Join(_path, "two")), Is.EqualTo("two"));
        Assert.That(File.ReadAllText(Path.Join(_path, "three")), Is.EqualTo("one"));
    }

    [Test]
    public void Keeps_bytes_of_names_that_are_no_text()
    {
        byte[] bytes = [0x61, 0xff, 0xc3, 0x28, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80];
        using var root = DirectoryHandle.Open(_path);

        root.MakeDirectory(PathText.FromBytes(bytes), 0b111_000_000);

        Assert.That(PathText.ToBytes(root.List().Single()), Is.EqualTo(bytes));
    }

    [Test]
    public void Closes_descriptors_on_exec()
    {
        using var root = DirectoryHandle.Open(_path);
        using var file = root.TryCreateFile("file", 0b110_000_000, out _);
        using var child = root.OpenDirectory("");

        foreach (var handle in new[] { root.Handle, file!, child.Handle })
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{handle.DangerousGetHandle()}").Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
            Assert.That(Convert.ToInt64(flags.Split('\t')[1], 8) & FileFlags.CloseOnExec, Is.Not.Zero);
        }
    }

    [Test]
    public void Says_which_call_failed_and_why()
    {
        using var root = DirectoryHandle.Open(_path);

        var error = Assert.Throws<SystemCallException>(() => root.OpenDirectory("missing"));

        Assert.That(error!.ErrorNumber, Is.EqualTo(ErrorNumber.NoEntry));
        Assert.That(error.Message, Does.Contain("missing"));
    }

    [Test]
    public void Removes_trees_deeper_than_it_may_hold_descriptors()
    {
        var at = DirectoryHandle.Open(_path);
        for (var i = 0; i < 3000; i++)
        {
            at.MakeDirectory("d", 0b111_000_000);
            var next = at.OpenDirectory("d");
            at.Dispose();
            at = next;
        }

        at.Dispose();
        using var root = DirectoryHandle.Open(_path);

        FileTree.Remove(root, "d");

        Assert.That(root.List(), Is.Empty);
    }

    [Test]
    public void Finds_data_between_holes()
    {
        using (var stream = new FileStream(Path.Join(_path, "file"), FileMode.CreateNew))
        {
            stream.Position = 1 << 20;
            stream.Write("data"u8);
            stream.SetLength(4 << 20);
        }

        using var file = FileHandles.Open(Path.Join(_path, "file"), FileFlags.ReadOnly);
        Assert.That(FileHandles.NextData(file, 0), Is.EqualTo(1 << 20));
        Assert.That(FileHandles.NextHole(file, 1 << 20), Is.InRange((1 << 20) + 4, (1 << 20) + (64 << 10)));
        Assert.That(FileHandles.NextData(file, 2 << 20), Is.EqualTo(-1));
    }

    [TestCase("proc", true)]
    [TestCase("usr", false)]
    [TestCase("nothing-of-this-name", false)]
    public void A_name_that_something_is_mounted_on_is_known(string name, bool mounted)
    {
        using var root = DirectoryHandle.Open("/");

        Assert.That(root.IsMountPoint(name), Is.EqualTo(mounted));
    }
}
