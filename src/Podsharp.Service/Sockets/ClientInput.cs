using System.IO.Pipelines;
using System.Net.Sockets;
using Podsharp.Api.Http;
using Podsharp.Linux.Polling;

namespace Podsharp.Service.Sockets;

/// <summary>
/// What a client sends. It is received ahead of its reader by a loop on the thread pool; but a thread that reads a large body receives it
/// itself (<see cref="IDirectInput"/>) as long as the client keeps up: waking another thread for each piece takes longer than receiving it.
/// </summary>
internal sealed class ClientInput(Socket socket) : PipeReader, IDirectInput, IDisposable
{
    private const int SmallestSegment = 4 << 10;
    private const int MostToRead = 1 << 20;

    /// <summary>What the thread that reads directly receives at once: less than may wait in the pipe, so that it never has to wait for itself.</summary>
    private const int DirectSize = 256 << 10;

    /// <summary>How long that thread waits for a client: a slower one is waited for by nobody's thread but its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private static readonly PipeOptions Options = new(
        pauseWriterThreshold: MostToRead, resumeWriterThreshold: MostToRead / 2, minimumSegmentSize: SmallestSegment, useSynchronizationContext: false);

    private readonly Pipe _pipe = new(Options);
    private readonly Readability _readable = new(socket.SafeHandle);
    private readonly SemaphoreSlim _receiving = new(1);
    private readonly AsyncSignal _loopMayGoOn = new();
    private bool _isDirect, _ended;
    private volatile bool _loopStands;

    /// <summary>Receives till the client has sent its last byte, or nobody wants more.</summary>
    public async Task FillAsync()
    {
        var size = new ReceiveSize();
        while (true)
        {
            if (size.MayHaveToWait && !socket.Poll(0, SelectMode.SelectRead)) await _readable.WaitAsync();
            while (_loopStands) await _loopMayGoOn.WaitAsync(CancellationToken.None);
            int? received;
            await _receiving.WaitAsync();
            try
            {
                var memory = _pipe.Writer.GetMemory(size.Bytes);
                received = TryReceive(memory.Span);
                if (received is { } length)
                {
                    if (length == 0) return;
                    size.Received(length, memory.Length);
                    _pipe.Writer.Advance(length);
                    var flushed = await _pipe.Writer.FlushAsync();
                    if (flushed.IsCompleted || flushed.IsCanceled) return;
                }
            }
            finally
            {
                _receiving.Release();
            }

            if (received is null) await _readable.WaitAsync();
        }
    }

    /// <summary>After <see cref="FillAsync"/>: nothing more comes.</summary>
    public async ValueTask EndAsync(Exception? failure)
    {
        // A thread that receives itself may be at it.
        await _receiving.WaitAsync();
        try
        {
            _ended = true;
            await _pipe.Writer.CompleteAsync(failure);
        }
        finally
        {
            _receiving.Release();
        }
    }

    /// <summary>Ends <see cref="FillAsync"/> where it waits for its reader.</summary>
    public void GiveUp() => _pipe.Writer.CancelPendingFlush();

    public IDisposable Begin()
    {
        _isDirect = true;
        return new DirectReading(this);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!_isDirect) return _pipe.Reader.ReadAsync(cancellationToken);
        _loopStands = true;
        if (_pipe.Reader.TryRead(out var present)) return new ValueTask<ReadResult>(present);
        // The loop waits for a slow client, and tells of one that has gone.
        if (!TryReceiveHere()) LetLoopGoOn();
        return _pipe.Reader.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result) => _pipe.Reader.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => _pipe.Reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _pipe.Reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _pipe.Reader.Complete(exception);

    /// <summary>Call before the socket is closed: wakes whoever waits for it.</summary>
    public void Dispose() => _readable.Dispose();

    private bool TryReceiveHere()
    {
        // The loop may be about to give what it has received.
        _receiving.Wait();
        try
        {
            if (_ended) return false;
            var memory = _pipe.Writer.GetMemory(DirectSize);
            var received = TryReceive(memory.Span);
            if (received is null && socket.Poll(Patience, SelectMode.SelectRead)) received = TryReceive(memory.Span);
            if (received is not > 0) return false;
            _pipe.Writer.Advance(received.Value);
            // Done at once: there is room for it.
            return _pipe.Writer.FlushAsync().AsTask().IsCompleted;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            _receiving.Release();
        }
    }

    /// <summary>0 at the end; null when there is nothing yet.</summary>
    private int? TryReceive(Span<byte> buffer)
    {
        var length = socket.Receive(buffer, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => length,
            SocketError.WouldBlock or SocketError.Interrupted => null,
            _ => throw new SocketException((int)error),
        };
    }

    private void LetLoopGoOn()
    {
        _loopStands = false;
        _loopMayGoOn.Set();
    }

    private sealed class DirectReading(ClientInput input) : IDisposable
    {
        public void Dispose()
        {
            input._isDirect = false;
            input.LetLoopGoOn();
        }
    }
}
