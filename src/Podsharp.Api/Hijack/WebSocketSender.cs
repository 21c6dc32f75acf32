using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Podsharp.Api.Hijack;

/// <summary>Status codes of a close frame.</summary>
internal enum WebSocketClose : ushort
{
    Normal = 1000,
    ProtocolError = 1002,
}

internal enum WebSocketOpcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// <summary>Makes a whole, unmasked frame of each write. Pongs come between the frames of data, and nothing after the close.</summary>
internal sealed class WebSocketSender(PipeWriter output, bool binary) : WriteOnlyStream
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _closed;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!buffer.IsEmpty) await SendAsync(binary ? WebSocketOpcode.Binary : WebSocketOpcode.Text, buffer, cancellationToken);
    }

    public async ValueTask SendAsync(WebSocketOpcode opcode, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_closed) return;
            _closed = opcode == WebSocketOpcode.Close;
            WriteHead(opcode, payload.Length);
            await output.WriteAsync(payload, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask CloseAsync(WebSocketClose code, CancellationToken cancellationToken) =>
        SendAsync(WebSocketOpcode.Close, new byte[] { (byte)((ushort)code >> 8), (byte)code }, cancellationToken);

    private void WriteHead(WebSocketOpcode opcode, int length)
    {
        const byte Final = 0x80;
        var head = output.GetSpan(10);
        head[0] = (byte)(Final | (byte)opcode);
        if (length < 126)
        {
            head[1] = (byte)length;
            output.Advance(2);
        }
        else if (length <= ushort.MaxValue)
        {
            head[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)length);
            output.Advance(4);
        }
        else
        {
            head[1] = 127;
            BinaryPrimitives.WriteInt64BigEndian(head[2..], length);
            output.Advance(10);
        }
    }
}
