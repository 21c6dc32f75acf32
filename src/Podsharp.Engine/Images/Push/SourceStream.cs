using System.Security.Cryptography;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

/// <summary>A blob on its way from one registry to another. Says whose fault it was when it does not arrive: that of where it comes from.</summary>
internal sealed class SourceStream(Stream inner, BlobDescriptor blob, Action<Exception> failed) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span[..count]);
            _read += count;
            // Before its last bytes go on, or the target would have the wrong ones to complain of.
            if (count > 0 && _read == blob.Size && Digest.FromHash(_hash.GetCurrentHash()) is var found && found != blob.Digest)
                throw new EngineException(ErrorKind.InvalidData, $"blob {blob.Digest} was sent with the content of {found}");
            return count;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            failed(failure);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>The repository that a blob was to be fetched from did not give it.</summary>
internal sealed class SourceLostException(BlobDescriptor blob, Exception innerException) : Exception($"blob {blob.Digest} cannot be fetched again", innerException)
{
    public BlobDescriptor Blob => blob;
}
