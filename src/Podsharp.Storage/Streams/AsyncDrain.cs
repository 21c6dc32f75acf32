using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Podsharp.Storage.Streams;

/// <summary>Lets work that writes by blocking calls, on a thread of its own, run ahead of a stream that may only be written asynchronously.</summary>
internal sealed class AsyncDrain : WriteOnlyStream
{
    private const int BufferSize = 512 << 10;
    private const int Buffers = 4;
    private readonly BlockingCollection<byte[]> _free = new(Buffers);
    private readonly Channel<ReadOnlyMemory<byte>> _full = Channel.CreateBounded<ReadOnlyMemory<byte>>(Buffers + 1);
    private readonly CancellationToken _stop;
    private byte[]? _current;
    private int _filled;

    private AsyncDrain(CancellationToken stop)
    {
        _stop = stop;
        for (var i = 0; i < Buffers; i++) _free.Add(new byte[BufferSize], CancellationToken.None);
    }

    /// <summary>Ends when all is written to the target, or with the failure of either side; the work has ended then too.</summary>
    public static async Task RunAsync(Action<Stream, CancellationToken> work, Stream target, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var drain = new AsyncDrain(stop.Token);
        var working = Task.Factory.StartNew(() => drain.Work(work), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var part in drain._full.Reader.ReadAllAsync(stop.Token))
            {
                await target.WriteAsync(part, stop.Token);
                if (System.Runtime.InteropServices.MemoryMarshal.TryGetArray(part, out var buffer)) drain._free.Add(buffer.Array!, stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await working;
        }
    }

    public override void Write(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            _current ??= _free.Take(_stop);
            var length = Math.Min(data.Length, BufferSize - _filled);
            data[..length].CopyTo(_current.AsSpan(_filled));
            _filled += length;
            data = data[length..];
            if (_filled == BufferSize) HandOver();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _free.Dispose();
        base.Dispose(disposing);
    }

    private void Work(Action<Stream, CancellationToken> work)
    {
        try
        {
            work(this, _stop);
            if (_filled > 0) HandOver();
            _full.Writer.Complete();
        }
        catch (Exception e)
        {
            // What the work failed with is told by the side that reads.
            _full.Writer.Complete(e);
        }
    }

    private void HandOver()
    {
        // There are fewer buffers than places: this never has to wait.
        if (!_full.Writer.TryWrite(_current.AsMemory(0, _filled))) throw new InvalidOperationException("more buffers than places");
        (_current, _filled) = (null, 0);
    }
}
