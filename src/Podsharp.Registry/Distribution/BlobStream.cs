using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>A blob's bytes, over as many transfers as it takes. Asynchronous reads only, one at a time.</summary>
internal sealed class BlobStream(
    Func<long, CancellationToken, Task<BlobTransfer>> transferAsync, BlobDescriptor blob, long offset, string name, Patience patience, TimeProvider clock) : Stream
{
    // A transfer that brought this much was no failure; fewer breaks than retries in a row are.
    private const long Progress = 1 << 20;

    private CancellationTokenSource _silence = new();
    private BlobTransfer? _transfer;
    private long _position = offset;
    private long _skip;
    private long _brokeAt = offset;
    private int _breaks;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>In the blob.</summary>
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_position < blob.Size) await OpenTransferAsync(cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        cancellationToken.ThrowIfCancellationRequested();
        while (_position < blob.Size)
        {
            try
            {
                var transfer = _transfer ?? await OpenTransferAsync(cancellationToken);
                var count = await ReadSomeAsync(transfer.Body, buffer, cancellationToken);
                if (count > 0) return count;
                throw new EndOfStreamException($"it ended at byte {_position}");
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException)
            {
                await PauseAsync(failure, cancellationToken);
            }
        }

        await RequireEndAsync(cancellationToken);
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A blob is read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Drop();
            _silence.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<BlobTransfer> OpenTransferAsync(CancellationToken cancellationToken)
    {
        _transfer = await transferAsync(_position, cancellationToken);
        _skip = _position - _transfer.Start;
        return _transfer;
    }

    private async ValueTask<int> ReadSomeAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // The registry sends the whole again: what is known is read over.
        while (_skip > 0)
        {
            var skipped = await ReadPatientlyAsync(body, buffer[..(int)Math.Min(_skip, buffer.Length)], cancellationToken);
            if (skipped == 0) return 0;
            _skip -= skipped;
        }

        var count = await ReadPatientlyAsync(body, buffer[..(int)Math.Min(blob.Size - _position, buffer.Length)], cancellationToken);
        _position += count;
        return count;
    }

    private async ValueTask<int> ReadPatientlyAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var reading = body.ReadAsync(buffer, _silence.Token);
        // Most reads are answered from what has arrived already.
        if (reading.IsCompletedSuccessfully) return reading.Result;
        var cancelling = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _silence);
        _silence.CancelAfter(patience.Silence);
        try
        {
            return await reading;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException($"no byte came for {patience.Silence.TotalSeconds:0} s");
        }
        finally
        {
            await cancelling.DisposeAsync();
            if (!_silence.TryReset())
            {
                _silence.Dispose();
                _silence = new CancellationTokenSource();
            }
        }
    }

    private async Task PauseAsync(Exception failure, CancellationToken cancellationToken)
    {
        Drop();
        if (_position - _brokeAt >= Progress) _breaks = 0;
        _brokeAt = _position;
        if (++_breaks > patience.Retries)
            throw new EngineException(ErrorKind.Unavailable, $"the transfer of blob {blob.Digest} of {name} broke {_breaks} times, at last at {_position} of {blob.Size} bytes: {failure.Message}", "connection lost", failure);
        await Task.Delay(patience.PauseBefore(_breaks - 1), clock, cancellationToken);
    }

    private async ValueTask RequireEndAsync(CancellationToken cancellationToken)
    {
        if (_ended || _transfer is null) return;
        _ended = true;
        try
        {
            if (await ReadPatientlyAsync(_transfer.Body, new byte[1], cancellationToken) > 0)
                throw RegistryFailures.Invalid($"blob {blob.Digest} of {name} is longer than the {blob.Size} bytes that the manifest says");
        }
        catch (IOException)
        {
            // All bytes are here; how the transfer ended is of no interest.
        }

        Drop();
    }

    private void Drop()
    {
        _transfer?.Dispose();
        _transfer = null;
    }
}
