using System.IO.Compression;
using Podsharp.Linux.Compression;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Tests.Streams;

public sealed class GzipWriterTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(70_000)]
    [TestCase(5_000_000)]
    public void What_is_compressed_comes_back_as_it_was(int size)
    {
        Assume.That(GzipEncoder.IsAvailable, "libisal.so.2 (package libisal2) is not installed");
        var content = Content(size);
        Assert.That(Inflated(Compressed(GzipWriter.Open, content, piece: 10_007)), Is.EqualTo(content));
    }

    [TestCase(0)]
    [TestCase(5_000_000)]
    public void Without_the_library_it_comes_back_as_well(int size)
    {
        var content = Content(size);
        Assert.That(Inflated(Compressed(GzipWriter.OpenPortable, content, piece: 10_007)), Is.EqualTo(content));
    }

    [Test]
    public void What_does_not_compress_grows_by_little()
    {
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        Assert.That(Compressed(GzipWriter.Open, content, content.Length), Has.Length.LessThan(content.Length + (content.Length / 100)));
    }

    // A layer compressed anew has the digest that its manifest says.
    [Test]
    public void The_same_content_has_the_same_bytes_each_time()
    {
        var content = Content(2_000_000);
        Assert.That(Compressed(GzipWriter.Open, content, 4096), Is.EqualTo(Compressed(GzipWriter.Open, content, 4096)));
    }

    [Test]
    public void A_target_that_takes_no_more_is_told_to_the_writer()
    {
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        Assert.That(() => Compressed(_ => GzipWriter.Open(new MemoryStream(new byte[1000])), content, content.Length), Throws.InstanceOf<NotSupportedException>());
    }

    private static byte[] Content(int size)
    {
        var random = new Random(size);
        return [.. Enumerable.Range(0, size).Select(index => (byte)(index % 1000 < 700 ? 'a' + (index % 17) : random.Next(256)))];
    }

    private static byte[] Compressed(Func<Stream, Stream> open, byte[] content, int piece)
    {
        var target = new MemoryStream();
        using (var writer = open(target))
        {
            foreach (var part in content.Chunk(piece)) writer.Write(part);
        }

        return target.ToArray();
    }

    private static byte[] Inflated(byte[] compressed)
    {
        using var inflation = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var content = new MemoryStream();
        inflation.CopyTo(content);
        return content.ToArray();
    }
}
