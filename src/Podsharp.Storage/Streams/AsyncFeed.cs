using System.Collections.Concurrent;

namespace Podsharp.Storage.Streams;

/// <summary>
/// Reads a stream that may only be read asynchronously (a request's body) ahead of a thread that reads synchronously. Dispose
/// waits for the reader to let go of the source.
/// </summary>
internal sealed class AsyncFeed : ReadOnlyStream
{
    private const int BufferSize = 256 << 10;
    private const int Buffers = 4;
    private readonly SemaphoreSlim _room = new(Buffers);
    private readonly Handover<(byte[] Buffer, int Length)> _ready = new();
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly CancellationTokenSource _stop;
    private readonly Task _reading;
    private ReadOnlyMemory<byte> _current;
    private byte[]? _buffer;
    private bool _ended;

    public AsyncFeed(Stream source, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _reading = ReadAheadAsync(source, _stop.Token);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_current.IsEmpty && !MoveNext()) return 0;
        var length = Math.Min(buffer.Length, _current.Length);
        _current.Span[..length].CopyTo(buffer);
        _current = _current[length..];
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Cancel();
            try
            {
                _reading.GetAwaiter().GetResult();
            }
            catch (Exception)
            {
                // Whoever read to the failure has seen it; whoever left earlier does not want it.
            }

            _stop.Dispose();
            _room.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool MoveNext()
    {
        if (_ended) return false;
        if (_buffer is not null)
        {
            _free.Add(_buffer);
            _buffer = null;
            _room.Release();
        }

        if (_ready.TryTake(out var next))
        {
            _buffer = next.Buffer;
            _current = next.Buffer.AsMemory(0, next.Length);
            return true;
        }

        _ended = true;
        _reading.GetAwaiter().GetResult();
        return false;
    }

    private async Task ReadAheadAsync(Stream source, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(cancellationToken);
                if (!_free.TryTake(out var buffer)) buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
                var read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
                if (read > 0) _ready.Give((buffer, read));
                if (read < buffer.Length) return;
            }
        }
        finally
        {
            _ready.End();
        }
    }
}
