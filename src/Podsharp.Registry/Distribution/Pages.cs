using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Lists that come page by page, each naming the next in its Link header (RFC 8288).</summary>
internal sealed class Pages(Conversation conversation)
{
    private const int Most = 10_000;

    public static IReadOnlyList<string> Tags(byte[] body) => JsonSerializer.Deserialize(body, RegistryJson.Default.TagsReply)?.Tags ?? [];

    public static IReadOnlyList<string> Repositories(byte[] body) => JsonSerializer.Deserialize(body, RegistryJson.Default.CatalogueReply)?.Repositories ?? [];

    public async IAsyncEnumerable<string> ReadAsync(
        string path, IReadOnlyList<string> scopes, string what, Func<byte[], IReadOnlyList<string>> parse, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = (string?)path;
        for (var pages = 0; next is not null; pages++)
        {
            if (pages == Most) throw RegistryFailures.Invalid($"{what}: more than {Most} pages");
            var (items, following) = await PageAsync(next, scopes, what, parse, cancellationToken);
            foreach (var item in items) yield return item;
            if (following == next) throw RegistryFailures.Invalid($"{what}: a page that follows itself");
            next = following;
        }
    }

    private async Task<(IReadOnlyList<string> Items, string? Next)> PageAsync(
        string path, IReadOnlyList<string> scopes, string what, Func<byte[], IReadOnlyList<string>> parse, CancellationToken cancellationToken)
    {
        using var answer = await conversation.AskAsync(HttpMethod.Get, path, scopes, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK) throw await RegistryFailures.FromAsync(answer, what, cancellationToken);
        try
        {
            return (parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken)), NextOf(answer, what));
        }
        catch (JsonException)
        {
            throw RegistryFailures.Invalid($"{what}: the answer is not JSON of a list");
        }
    }

    private static string? NextOf(HttpResponseMessage answer, string what)
    {
        if (!answer.Headers.TryGetValues("Link", out var links) || links.Select(TargetOf).FirstOrDefault(target => target is not null) is not { } next) return null;
        var asked = answer.RequestMessage!.RequestUri!;
        // Our credentials would go with it; and a path may look like an address of another host.
        return Uri.TryCreate(asked, next, out var address) && Redirects.IsSameOrigin(address, asked)
            ? "./" + address.PathAndQuery.TrimStart('/')
            : throw RegistryFailures.Invalid($"{what}: the next page is said to be at another host");
    }

    private static string? TargetOf(string link)
    {
        var (open, close) = (link.IndexOf('<', StringComparison.Ordinal), link.IndexOf('>', StringComparison.Ordinal));
        if (open < 0 || close < open) return null;
        var rest = link.AsSpan(close + 1);
        return rest.Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase) || rest.Contains("rel=next", StringComparison.OrdinalIgnoreCase) ? link[(open + 1)..close] : null;
    }
}
