using System.Buffers.Binary;
using Podsharp.Cli.Native;

namespace Podsharp.Cli.Streams;

/// <summary>Takes the bytes of one of the process's streams; false to stop.</summary>
internal delegate bool StreamSink(int descriptor, ReadOnlySpan<byte> bytes);

/// <summary>Copies a process's output to its end: raw with a terminal, else in frames of stdout and stderr (reference/protocols.md §1).</summary>
internal static class OutputCopy
{
    private const int HeaderSize = 8;
    private const int BufferSize = 64 << 10;
    private const byte EngineError = 3;

    public static Task ToStandardStreamsAsync(Stream source, bool terminal, CancellationToken cancellationToken) =>
        terminal ? RawAsync(source, StandardStream.Write, cancellationToken) : FramesAsync(source, StandardStream.Write, cancellationToken);

    public static async Task RawAsync(Stream source, StreamSink sink, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await ReadAsync(source, buffer, cancellationToken)) > 0)
            if (!sink(StandardStream.Output, buffer.AsSpan(0, count))) return;
    }

    /// <exception cref="CliFailure">A frame of the engine's own errors, or a stream that ends within a frame.</exception>
    public static async Task FramesAsync(Stream source, StreamSink sink, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int start = 0, end = 0;
        long left = 0;
        byte stream = 0;
        while (true)
        {
            if (left == 0 && end - start >= HeaderSize)
            {
                stream = buffer[start];
                left = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(start + 4));
                start += HeaderSize;
                continue;
            }

            if (left > 0 && end > start)
            {
                var count = (int)Math.Min(left, end - start);
                if (!Deliver(stream, buffer.AsSpan(start, count), sink)) return;
                start += count;
                left -= count;
                continue;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = await ReadAsync(source, buffer.AsMemory(end), cancellationToken);
            if (read > 0) end += read;
            else if (left > 0 || end > 0) throw new CliFailure("the engine broke off in the middle of the output", ExitCodes.EngineFailed);
            else return;
        }
    }

    private static bool Deliver(byte stream, ReadOnlySpan<byte> bytes, StreamSink sink) => stream switch
    {
        StandardStream.Error => sink(StandardStream.Error, bytes),
        EngineError => throw new CliFailure(System.Text.Encoding.UTF8.GetString(bytes), ExitCodes.EngineFailed),
        _ => sink(StandardStream.Output, bytes),
    };

    // A service that was killed resets the connection: for the reader that is its end.
    private static async ValueTask<int> ReadAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
