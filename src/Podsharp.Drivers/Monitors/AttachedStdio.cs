using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux;
using Podsharp.Linux.Polling;
using Podsharp.Linux.Sockets;
using Podsharp.Linux.Watch;

namespace Podsharp.Drivers.Monitors;

/// <summary>
/// One connection to conmon's attach socket. Packets of one pipe that lie ready are joined to one read; the first packet of the other
/// pipe is kept for the next. conmon waits for its slowest reader before it looks after the container's end, so what is written when the
/// process has ended is read in any case, and kept until it is asked for.
/// </summary>
internal sealed class AttachedStdio : IStdio
{
    private const int LargestPacket = 8192;
    private const int LargestWrite = 32 * 1024;
    private const int LargestRest = 4 << 20;
    private const byte OutputPipe = 2;

    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _writable = new();
    private readonly PolledDescriptor _socket;
    private readonly Lock _lock = new();
    private readonly Queue<(StdioStream Stream, byte[] Data)> _kept = new();
    private readonly ProcessWatch? _process;
    private long _keptLength;
    private bool _ended;
    private bool _closed;
    private volatile bool _processEnded;

    private AttachedStdio(SafeFileHandle socket, int pid, long startTime)
    {
        _socket = new PolledDescriptor(socket, _readable, _writable, Arrived);
        _process = ProcessWatch.Start(pid, startTime, ProcessEnded);
        if (_process is null) ProcessEnded();
    }

    /// <param name="pid">The container's first process.</param>
    public static AttachedStdio Connect(Bundle bundle, int pid, long startTime)
    {
        try
        {
            return new AttachedStdio(LocalSocket.ConnectPackets(bundle.AttachSocket), pid, startTime);
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
        _process?.Dispose();
        lock (_lock)
        {
            _closed = true;
            _socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private StdioRead? ReadReady(Span<byte> buffer)
    {
        lock (_lock)
        {
            StdioStream? stream = null;
            var count = 0;
            while (buffer.Length - count >= LargestPacket && Next(stream, buffer.Slice(count, LargestPacket)) is { } packet)
            {
                stream = packet.Stream;
                count += packet.Count;
            }

            if (count > 0) return new StdioRead(stream!.Value, count);
            return _ended && _kept.Count == 0 ? new StdioRead(StdioStream.Output, 0) : null;
        }
    }

    /// <summary>The next packet, unless it is of another stream than the wanted one.</summary>
    private StdioRead? Next(StdioStream? wanted, Span<byte> buffer)
    {
        if (_kept.TryPeek(out var kept))
        {
            if (wanted is not null && wanted != kept.Stream) return null;
            _kept.Dequeue();
            kept.Data.CopyTo(buffer);
            return new StdioRead(kept.Stream, kept.Data.Length);
        }

        if (TakePacket(buffer) is not { } packet) return null;
        if (wanted is null || wanted == packet.Stream) return packet;
        _kept.Enqueue((packet.Stream, buffer[..packet.Count].ToArray()));
        return null;
    }

    private StdioRead? TakePacket(Span<byte> buffer)
    {
        if (_ended || _socket.TryRead(out var pipe, buffer) is not { } length) return null;
        _ended = length == 0;
        return _ended ? null : new StdioRead(pipe == OutputPipe ? StdioStream.Output : StdioStream.Error, length - 1);
    }

    private void ProcessEnded()
    {
        _processEnded = true;
        Arrived();
    }

    /// <summary>On the poll thread. What is left of a process that has ended is little, and taken at once.</summary>
    private void Arrived()
    {
        if (!_processEnded) return;
        lock (_lock)
        {
            Span<byte> buffer = stackalloc byte[LargestPacket];
            while (!_closed && TakePacket(buffer) is { } packet)
            {
                _kept.Enqueue((packet.Stream, buffer[..packet.Count].ToArray()));
                _keptLength += packet.Count;
                // Whoever still writes there is none of the container's processes.
                _ended |= _keptLength > LargestRest;
            }
        }

        _readable.Set();
    }
}
