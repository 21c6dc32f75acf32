using System.Buffers;
using System.IO.Pipelines;
using Podsharp.Core.Storage;

namespace Podsharp.Api.Http;

/// <summary>
/// A request's body, read asynchronously. The framework's own stream takes a read that was cancelled for one that never ended: the rest of
/// the body could not be passed over, and the connection not go on, after an archive was refused in its middle.
/// </summary>
/// <param name="direct">Where the connection has it, and all of its bytes up to the body's end are the body's.</param>
internal sealed class RequestBody(PipeReader reader, IDirectInput? direct = null) : Stream, IBlockingSource
{
    private CancellationToken _blocking;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        return Take(await reader.ReadAsync(CancellationToken.None), buffer.Span, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public IDisposable? BeginBlocking(CancellationToken cancellationToken)
    {
        _blocking = cancellationToken;
        return direct?.Begin();
    }

    public override int Read(Span<byte> buffer)
    {
        _blocking.ThrowIfCancellationRequested();
        using var registration = _blocking.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        var pending = reader.ReadAsync(CancellationToken.None);
        return Take(pending.IsCompleted ? pending.Result : pending.AsTask().GetAwaiter().GetResult(), buffer, _blocking);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Take(ReadResult read, Span<byte> buffer, CancellationToken cancellationToken)
    {
        if (read.IsCanceled)
        {
            reader.AdvanceTo(read.Buffer.Start);
            throw new OperationCanceledException(cancellationToken);
        }

        var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
        taken.CopyTo(buffer);
        // Not to be asked for once its memory is given back.
        var length = (int)taken.Length;
        reader.AdvanceTo(taken.End);
        return length;
    }
}
