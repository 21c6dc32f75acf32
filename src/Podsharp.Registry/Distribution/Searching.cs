using System.Net;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Finds repositories by a part of their name.</summary>
internal sealed class Searching(Conversation conversation)
{
    private readonly Pages _pages = new(conversation);

    public IAsyncEnumerable<string> RepositoriesAsync(CancellationToken cancellationToken) =>
        _pages.ReadAsync("v2/_catalog?n=1000", Scopes.Catalogue, $"listing repositories of {conversation.Endpoint.Host}", Pages.Repositories, cancellationToken);

    public async Task<IReadOnlyList<RepositorySearchResult>> FindAsync(string term, int limit, CancellationToken cancellationToken) =>
        await AskAsync(term, limit, cancellationToken) ?? await FilterAsync(term, limit, cancellationToken);

    // Null where the search of version 1 is not offered.
    private async Task<IReadOnlyList<RepositorySearchResult>?> AskAsync(string term, int limit, CancellationToken cancellationToken)
    {
        var host = conversation.Endpoint.Host;
        var path = $"v1/search?q={Uri.EscapeDataString(term)}&n={limit}";
        using var answer = await conversation.AskAsync(
            root => new RegistryCall(HttpMethod.Get, new Uri(RegistryAddress.OfSearch(host, root), path)) { Accept = ["application/json"] },
            Scopes.None,
            Conversation.BodyLimit,
            cancellationToken);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.BadRequest) return null;
        if (answer.StatusCode != HttpStatusCode.OK) throw await RegistryFailures.FromAsync(answer, $"searching {host}", cancellationToken);
        try
        {
            var reply = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken), RegistryJson.Default.SearchReply);
            return reply?.Results is { } results ? [.. results.Take(limit).Select(Result)] : null;
        }
        catch (JsonException)
        {
            // A page for people, from a server that answers everything.
            return null;
        }
    }

    private async Task<IReadOnlyList<RepositorySearchResult>> FilterAsync(string term, int limit, CancellationToken cancellationToken)
    {
        var found = new List<RepositorySearchResult>();
        try
        {
            await foreach (var name in RepositoriesAsync(cancellationToken))
            {
                if (!name.Contains(term, StringComparison.OrdinalIgnoreCase)) continue;
                found.Add(new RepositorySearchResult(name, "", 0, false, false));
                if (found.Count == limit) break;
            }
        }
        catch (EngineException failure) when (failure.Kind == ErrorKind.NotFound)
        {
            throw new EngineException(ErrorKind.NotSupported, $"registry {conversation.Endpoint.Host} offers neither search nor a catalogue", failure.Cause, failure);
        }

        return found;
    }

    private static RepositorySearchResult Result(SearchItem item) =>
        new(item.Name ?? "", item.Description ?? "", item.StarCount ?? 0, item.IsOfficial ?? false, item.IsAutomated ?? false);
}
