using System.Net;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Blobs of one repository: whether they are there, and their bytes.</summary>
internal sealed class BlobReading(Conversation conversation, IReadOnlyList<string> scopes, Patience patience, TimeProvider clock)
{
    private string Name => conversation.Endpoint.Name;

    public async Task<long?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        using var answer = await conversation.AskAsync(root => new RegistryCall(HttpMethod.Head, Address(root, digest)), scopes, Conversation.BodyLimit, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        if (answer.StatusCode != HttpStatusCode.OK) throw await RegistryFailures.FromAsync(answer, $"looking for blob {digest} of {Name}", cancellationToken);
        return answer.Content.Headers.ContentLength ?? 0;
    }

    public async Task<Stream> OpenAsync(BlobDescriptor blob, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blob.Size);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.Size);
        var stream = new BlobStream((from, token) => TransferAsync(blob, from, token), blob, offset, Name, patience, clock);
        try
        {
            // That the blob is not there is better told now than at the first read.
            await stream.ConnectAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task<BlobTransfer> TransferAsync(BlobDescriptor blob, long offset, CancellationToken cancellationToken)
    {
        var answer = await conversation.AskAsync(
            root => new RegistryCall(HttpMethod.Get, Address(root, blob.Digest)) { Offset = offset, Bulk = true }, scopes, limit: 0, cancellationToken);
        try
        {
            if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) throw RegistryFailures.Invalid($"blob {blob.Digest} of {Name} ends at {offset} bytes, not at {blob.Size}");
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent)) throw await RegistryFailures.FromAsync(answer, $"reading blob {blob.Digest} of {Name}", cancellationToken);
            var start = Check(answer, blob, offset);
            return new BlobTransfer(answer, await answer.Content.ReadAsStreamAsync(cancellationToken), start);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    // Where the bytes that come begin: a registry may send the whole when asked for the rest.
    private long Check(HttpResponseMessage answer, BlobDescriptor blob, long offset)
    {
        var headers = answer.Content.Headers;
        var partial = answer.StatusCode == HttpStatusCode.PartialContent;
        var start = partial ? headers.ContentRange?.From ?? offset : 0;
        if (start > offset || (partial && start != offset)) throw RegistryFailures.Invalid($"blob {blob.Digest} of {Name}: asked for the bytes from {offset} on, the registry sent those from {start} on");
        var whole = headers.ContentRange?.Length ?? (headers.ContentLength is { } length ? start + length : blob.Size);
        if (whole != blob.Size) throw RegistryFailures.Invalid($"blob {blob.Digest} of {Name} has {whole} bytes by the registry, {blob.Size} by the manifest");
        return start;
    }

    private Uri Address(Uri root, Digest digest) => new(root, $"v2/{conversation.Endpoint.Repository}/blobs/{digest}");
}
