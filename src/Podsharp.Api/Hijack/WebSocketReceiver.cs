using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Hijack;

/// <summary>
/// Reads a client's frames and passes on what the data frames hold as it arrives, so that the length a frame claims costs nothing. InvalidInput:
/// the client breaks the protocol.
/// </summary>
internal sealed class WebSocketReceiver(PipeReader input, PipeWriter data, WebSocketSender sender)
{
    private const int LongestControl = 125;

    /// <summary>Until the client closes or half-closes, or nobody reads the data any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var open = false;
        while (await ReadHeadAsync(cancellationToken) is { } head)
        {
            if (head.IsControl)
            {
                if (!await ControlAsync(head, cancellationToken)) return;
                continue;
            }

            if (open != (head.Opcode == WebSocketOpcode.Continuation)) throw Broken("a message begins within another, or goes on without one");
            open = !head.Final;
            if (!await DataAsync(head, cancellationToken)) return;
        }
    }

    private async Task<bool> ControlAsync(Head head, CancellationToken cancellationToken)
    {
        if (await TakeAsync((int)head.Length, cancellationToken) is not { } payload) return false;
        Unmask(payload, head.Mask, 0);
        if (head.Opcode == WebSocketOpcode.Ping) await sender.SendAsync(WebSocketOpcode.Pong, payload, cancellationToken);
        return head.Opcode != WebSocketOpcode.Close;
    }

    private async Task<bool> DataAsync(Head head, CancellationToken cancellationToken)
    {
        for (long done = 0; done < head.Length;)
        {
            var read = await input.ReadAsync(cancellationToken);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, Math.Min(head.Length - done, 32 << 10)));
            var length = (int)part.Length;
            if (length > 0)
            {
                var target = data.GetSpan(length)[..length];
                part.CopyTo(target);
                Unmask(target, head.Mask, done);
                data.Advance(length);
            }

            input.AdvanceTo(part.End);
            done += length;
            if (length > 0 && (await data.FlushAsync(cancellationToken)).IsCompleted) return false;
            if (length == 0 && read.IsCompleted) return false;
        }

        return true;
    }

    /// <summary>Null at the end of input.</summary>
    private async Task<Head?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (await TakeAsync(2, cancellationToken) is not { } start) return null;
        var opcode = (WebSocketOpcode)(start[0] & 0x0F);
        if ((start[0] & 0x70) != 0) throw Broken("no extension was agreed on");
        if (!Enum.IsDefined(opcode)) throw Broken("there is no such frame");
        if ((start[1] & 0x80) == 0) throw Broken("a client masks its frames");

        var final = (start[0] & 0x80) != 0;
        var length = (long)(start[1] & 0x7F);
        if (opcode >= WebSocketOpcode.Close && (length > LongestControl || !final)) throw Broken("a control frame is short and whole");
        if (length >= 126)
        {
            if (await TakeAsync(length == 126 ? 2 : 8, cancellationToken) is not { } longer) return null;
            length = longer.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(longer) : BinaryPrimitives.ReadInt64BigEndian(longer);
            if (length < 0) throw Broken("a frame is not that long");
        }

        return await TakeAsync(4, cancellationToken) is { } mask ? new Head(opcode, final, length, mask) : null;
    }

    /// <summary>So many bytes, or null where the input ends before.</summary>
    private async Task<byte[]?> TakeAsync(int count, CancellationToken cancellationToken)
    {
        if (count == 0) return [];
        var read = await input.ReadAtLeastAsync(count, cancellationToken);
        if (read.Buffer.Length < count)
        {
            input.AdvanceTo(read.Buffer.End);
            return null;
        }

        var taken = read.Buffer.Slice(0, count);
        var bytes = taken.ToArray();
        input.AdvanceTo(taken.End);
        return bytes;
    }

    private static void Unmask(Span<byte> payload, byte[] mask, long offset)
    {
        for (var i = 0; i < payload.Length; i++) payload[i] ^= mask[(offset + i) & 3];
    }

    private static EngineException Broken(string message) => EngineException.InvalidInput(message);

    private readonly record struct Head(WebSocketOpcode Opcode, bool Final, long Length, byte[] Mask)
    {
        public bool IsControl => Opcode >= WebSocketOpcode.Close;
    }
}
