using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Tar;

public sealed class TarReaderTests
{
    private const int BufferSize = 1024;

    [TestCase(100)]
    [TestCase(777)]
    [TestCase(100_000)]
    public void A_large_file_comes_in_pieces_of_the_buffers_size_however_the_archive_arrives(int arriving)
    {
        var content = new byte[10 * BufferSize + 10];
        new Random(1).NextBytes(content);
        var reader = new TarReader(new Piecemeal(Archive(content), arriving), bufferSize: BufferSize);
        reader.Next();
        var (pieces, read) = (new List<int>(), new MemoryStream());

        while (reader.TakeData() is { IsEmpty: false } data)
        {
            pieces.Add(data.Length);
            read.Write(data);
        }

        Assert.That(pieces, Is.EqualTo(Enumerable.Repeat(BufferSize, 10).Append(10)));
        Assert.That(read.ToArray(), Is.EqualTo(content));
        Assert.That(reader.Next()!.Name, Is.EqualTo("after"));
    }

    [Test]
    public void An_archive_that_ends_within_a_file_is_damaged()
    {
        var archive = Archive(new byte[10 * BufferSize]).AsSpan(0, 5 * BufferSize).ToArray();
        var reader = new TarReader(new MemoryStream(archive), bufferSize: BufferSize);
        reader.Next();

        Assert.That(
            () =>
            {
                while (!reader.TakeData().IsEmpty)
                {
                }
            },
            Throws.TypeOf<InvalidDataException>());
    }

    private static byte[] Archive(byte[] content)
    {
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        writer.Add(new TarEntry { Name = "large", Kind = TarKind.File, Size = content.Length, StoredSize = content.Length });
        writer.Write(content);
        writer.Add(new TarEntry { Name = "after", Kind = TarKind.File });
        writer.Finish();
        return stream.ToArray();
    }

    private sealed class Piecemeal(byte[] content, int size) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, size));
    }
}
