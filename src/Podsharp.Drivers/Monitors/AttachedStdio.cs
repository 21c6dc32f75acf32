using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux;
using Podsharp.Linux.Polling;
using Podsharp.Linux.Sockets;

namespace Podsharp.Drivers.Monitors;

/// <summary>
/// One connection to conmon's attach socket. Packets of one pipe that lie ready are joined to one read; the first packet of the other
/// pipe is kept for the next.
/// </summary>
internal sealed class AttachedStdio : IStdio
{
    private const int LargestPacket = 8192;
    private const int LargestWrite = 32 * 1024;
    private const byte OutputPipe = 2;

    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _writable = new();
    private readonly PolledDescriptor _socket;
    private readonly byte[] _kept = new byte[LargestPacket];
    private int _keptCount;
    private StdioStream _keptStream;
    private bool _ended;

    private AttachedStdio(SafeFileHandle socket) => _socket = new PolledDescriptor(socket, _readable, _writable);

    public static AttachedStdio Connect(Bundle bundle)
    {
        try
        {
            return new AttachedStdio(LocalSocket.ConnectPackets(bundle.AttachSocket));
        }
        catch (SystemCallException failure)
        {
            throw new EngineException(ErrorKind.Conflict, $"cannot attach to container {bundle.Id.Short}: its monitor is gone ({failure.Message})", innerException: failure);
        }
    }

    public async ValueTask<StdioRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, LargestPacket);
        while (true)
        {
            if (ReadReady(buffer.Span) is { } read) return read;
            await _readable.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            var piece = data[..Math.Min(data.Length, LargestWrite)];
            switch (_socket.TrySend(piece.Span))
            {
                case null:
                    await _writable.WaitAsync(cancellationToken);
                    break;
                case < 0:
                    return;
                default:
                    data = data[piece.Length..];
                    break;
            }
        }
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken)
    {
        _socket.ShutDownOutput();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private StdioRead? ReadReady(Span<byte> buffer)
    {
        var stream = _keptStream;
        var count = _keptCount;
        _kept.AsSpan(0, _keptCount).CopyTo(buffer);
        _keptCount = 0;

        while (!_ended && buffer.Length - count >= LargestPacket)
        {
            if (_socket.TryRead(out var pipe, buffer.Slice(count, LargestPacket)) is not { } packet) break;
            if (packet == 0)
            {
                _ended = true;
                break;
            }

            var from = pipe == OutputPipe ? StdioStream.Output : StdioStream.Error;
            if (count > 0 && from != stream)
            {
                Keep(from, buffer.Slice(count, packet - 1));
                break;
            }

            stream = from;
            count += packet - 1;
        }

        if (count > 0) return new StdioRead(stream, count);
        return _ended ? new StdioRead(StdioStream.Output, 0) : null;
    }

    private void Keep(StdioStream stream, ReadOnlySpan<byte> data)
    {
        data.CopyTo(_kept);
        _keptCount = data.Length;
        _keptStream = stream;
    }
}
