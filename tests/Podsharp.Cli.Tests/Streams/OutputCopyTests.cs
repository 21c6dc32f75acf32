using System.Text;
using NUnit.Framework;
using Podsharp.Cli.Streams;

namespace Podsharp.Cli.Tests.Streams;

[TestFixture]
public sealed class OutputCopyTests
{
    private readonly Dictionary<int, StringBuilder> _written = [];

    [SetUp]
    public void Forget()
    {
        _written.Clear();
        _written[1] = new StringBuilder();
        _written[2] = new StringBuilder();
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(1 << 20)]
    public async Task Takes_frames_apart_however_they_arrive(int bytesAtOnce)
    {
        byte[] bytes = [.. Frame(1, "out"), .. Frame(2, ""), .. Frame(2, "err"), .. Frame(1, new string('x', 200_000))];

        await OutputCopy.FramesAsync(new Trickle(bytes, bytesAtOnce), Keep, CancellationToken.None);

        Assert.That(_written[2].ToString(), Is.EqualTo("err"));
        Assert.That(_written[1].ToString(), Is.EqualTo("out" + new string('x', 200_000)));
    }

    [Test]
    public async Task Says_so_when_the_stream_ends_within_a_frame()
    {
        var bytes = Frame(1, "whole")[..^1];

        await Assert.ThrowsAsync<CliFailure>(() => OutputCopy.FramesAsync(new MemoryStream(bytes), Keep, CancellationToken.None));
    }

    [Test]
    public async Task Throws_what_the_engine_says_in_a_frame_of_its_own()
    {
        await Assert.ThatAsync(
            () => OutputCopy.FramesAsync(new MemoryStream(Frame(3, "it broke")), Keep, CancellationToken.None),
            Throws.TypeOf<CliFailure>().With.Message.EqualTo("it broke"));
    }

    [Test]
    public async Task Stops_when_nobody_reads_any_more()
    {
        var frames = new MemoryStream([.. Frame(1, "a"), .. Frame(1, "b")]);

        await OutputCopy.FramesAsync(frames, (descriptor, bytes) => Keep(descriptor, bytes) && false, CancellationToken.None);

        Assert.That(_written[1].ToString(), Is.EqualTo("a"));
    }

    private bool Keep(int descriptor, ReadOnlySpan<byte> bytes)
    {
        _written[descriptor].Append(Encoding.ASCII.GetString(bytes));
        return true;
    }

    private static byte[] Frame(byte stream, string text)
    {
        var length = text.Length;
        return [stream, 0, 0, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. Encoding.ASCII.GetBytes(text)];
    }

    private sealed class Trickle(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
    }
}
