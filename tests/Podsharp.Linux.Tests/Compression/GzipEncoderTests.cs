using System.IO.Compression;
using Podsharp.Linux.Compression;

namespace Podsharp.Linux.Tests.Compression;

public sealed class GzipEncoderTests
{
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(9)]
    [TestCase(4096)]
    public void All_comes_out_whatever_room_there_is(int room)
    {
        Assume.That(GzipEncoder.IsAvailable, "libisal.so.2 (package libisal2) is not installed");
        var content = new byte[100_000];
        new Random(1).NextBytes(content.AsSpan(0, 20_000));
        var packed = new MemoryStream();
        using (var encoder = new GzipEncoder())
        {
            var target = new byte[room];
            for (var left = content.AsSpan(); left.Length > 0;)
            {
                var (read, written) = encoder.Encode(left, target, last: false);
                packed.Write(target, 0, written);
                left = left[read..];
            }

            int more;
            do
            {
                (_, more) = encoder.Encode([], target, last: true);
                packed.Write(target, 0, more);
            }
            while (more == room);
        }

        packed.Position = 0;
        using var inflation = new GZipStream(packed, CompressionMode.Decompress);
        var inflated = new MemoryStream();
        inflation.CopyTo(inflated);
        Assert.That(inflated.ToArray(), Is.EqualTo(content));
    }
}
