using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Layers;

[Category("Root")]
public sealed class LayerTarWriterTests : LayerFixture
{
    [Test]
    public void Writes_what_extraction_made_so_that_it_extracts_to_the_same()
    {
        var (entry, data) = File("a/file", "content", 0b100_111_101_101);
        Extract(Archive(
            Folder("a", 0b111_000_000),
            (entry with { UserId = 3, GroupId = 4, Modified = new FileTime(5, 6), Attributes = [("user.note", "v"u8.ToArray())] }, data),
            File("a/.wh.gone"), Folder("o"), File("o/.wh..wh..opq"), Link("hard", "a/file", TarKind.HardLink), Link("soft", "a/file"),
            (new TarEntry { Name = "pipe", Kind = TarKind.Pipe, Mode = 0b110_000_000 }, [])));

        using var tar = Write(Diff);
        var reader = new TarReader(tar);
        var entries = new List<TarEntry>();
        while (reader.Next() is { } one) entries.Add(one);

        Assert.That(
            entries.Select(one => one.Name),
            Is.EqualTo(new[] { "a/", "a/file", "a/.wh.gone", "hard", "o/", "o/.wh..wh..opq", "pipe", "soft" }));
        var file = entries.Single(one => one.Name == "a/file");
        Assert.That((file.UserId, file.GroupId, file.Mode, file.Modified), Is.EqualTo((3u, 4u, 0b100_111_101_101, new FileTime(5, 6))));
        Assert.That(file.Attributes.Single().Name, Is.EqualTo("user.note"));
        Assert.That(entries.Single(one => one.Name == "hard").LinkTarget, Is.EqualTo("a/file"));

        var first = tar.ToArray();
        FileTree.Remove(Diff);
        System.IO.File.Delete(TarRecord.PathIn(Layer));
        AssertRebuilds(first, Extract(first));
        using var second = Write(Diff);
        Assert.That(second.ToArray(), Is.EqualTo(first));
    }

    private static MemoryStream Write(string path)
    {
        var stream = new MemoryStream();
        using var diff = DirectoryHandle.Open(path);
        new LayerTarWriter(stream, CancellationToken.None).Write(diff);
        stream.Position = 0;
        return stream;
    }
}
