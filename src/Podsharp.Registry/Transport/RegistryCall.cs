using System.Net;
using System.Net.Http.Headers;

namespace Podsharp.Registry.Transport;

/// <summary>A request that can be made again: as a retry, with another token, or where a redirect points.</summary>
internal sealed record RegistryCall(HttpMethod Method, Uri Address)
{
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>First byte wanted; 0: the whole.</summary>
    public long Offset { get; init; }

    /// <summary>
    /// Blobs have connections of their own: through one shared by HTTP/2 they took a third more processor time, and up to 16 MiB of
    /// buffer for each. All else goes by HTTP/2 where TLS offers it.
    /// </summary>
    public bool Bulk { get; init; }

    /// <summary>Makes the body anew for each attempt.</summary>
    public Func<CancellationToken, ValueTask<HttpContent>>? Body { get; init; }

    public AuthenticationHeaderValue? Authorization { get; init; }

    public async ValueTask<HttpRequestMessage> BuildAsync(CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(Method, Address)
        {
            Version = Bulk ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        foreach (var type in Accept) request.Headers.TryAddWithoutValidation("Accept", type);
        if (Offset > 0) request.Headers.Range = new RangeHeaderValue(Offset, null);
        request.Headers.Authorization = Authorization;
        if (Body is not null) request.Content = await Body(cancellationToken);
        return request;
    }
}
