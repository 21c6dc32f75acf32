using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Podsharp.Core.Errors;

namespace Podsharp.Registry.Distribution;

/// <summary>A blob as the body of a request: streamed once, with its length said before and proven.</summary>
internal sealed class BlobContent : HttpContent
{
    private const int BufferSize = 256 * 1024;
    private readonly Stream _source;
    private readonly long _size;
    private readonly IProgress<long>? _sent;
    private readonly string _what;

    public BlobContent(Stream source, long size, IProgress<long>? sent, string what)
    {
        (_source, _size, _sent, _what) = (source, size, sent, what);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long done = 0; ;)
            {
                _sent?.Report(done);
                var count = await _source.ReadAsync(buffer, cancellationToken);
                if (count == 0 && done < _size) throw Wrong($"only {done}");
                if (count > _size - done) throw Wrong("more");
                if (count == 0) return;
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _size;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        base.Dispose(disposing);
    }

    private EngineException Wrong(string found) => EngineException.Internal($"{_what}: its content here has {found} bytes in place of {_size}");
}
