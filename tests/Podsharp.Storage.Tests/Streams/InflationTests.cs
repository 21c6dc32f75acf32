using Podsharp.Storage.Streams;
using Podsharp.Storage.Tests.Layers;

namespace Podsharp.Storage.Tests.Streams;

public sealed class InflationTests
{
    private static readonly InflationLimits Limits = new(Free: 1 << 20, Ratio: 100);

    [Test]
    public void What_unpacks_to_far_more_than_its_size_is_refused([Values("gzip", "zstd")] string compression)
    {
        var failure = Assert.Throws<InvalidDataException>(() => Read(HostileLayers.Compress(new byte[16 << 20], compression)));

        Assert.That(failure!.Message, Does.Contain("more than 100 times its size"));
    }

    [Test]
    public void A_little_of_it_is_let_through([Values("gzip", "zstd")] string compression) =>
        Assert.That(Read(HostileLayers.Compress(new byte[1 << 20], compression)), Is.EqualTo(1 << 20));

    [Test]
    public void Honest_content_may_be_of_any_size([Values("gzip", "zstd")] string compression)
    {
        var content = new byte[4 << 20];
        new Random(1).NextBytes(content);

        Assert.That(Read(HostileLayers.Compress(content, compression)), Is.EqualTo(content.Length));
    }

    private static long Read(byte[] compressed)
    {
        using var plain = Compression.Open(new PeekStream(new MemoryStream(compressed), 16), Limits);
        var (total, buffer) = (0L, new byte[64 << 10]);
        for (int read; (read = plain.Read(buffer)) > 0;) total += read;
        return total;
    }
}
