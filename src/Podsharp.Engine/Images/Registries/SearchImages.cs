using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Queries;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Registries;

/// <param name="Term">What to look for; "host/term" asks that registry.</param>
/// <param name="Limit">1 to 100; 0: 25.</param>
/// <param name="Filters">is-official, is-automated, stars.</param>
public sealed record SearchImagesRequest(string Term, int Limit, Filters Filters, GivenCredentials Credentials, EndpointRules Rules);

/// <summary>Asks a registry for repositories.</summary>
public sealed class SearchImages(IRegistryDirectory directory, IRegistryClient client, ICredentialSource credentials)
{
    private const int DefaultLimit = 25;
    private const int HighestLimit = 100;

    public async Task<IReadOnlyList<RepositorySearchResult>> RunAsync(SearchImagesRequest request, CancellationToken cancellationToken)
    {
        if (request.Limit is < 0 or > HighestLimit)
            throw EngineException.InvalidInput($"limit {request.Limit} is outside the range of [1, {HighestLimit}]");
        var filters = request.Filters;
        filters.Knowing("is-automated", "is-official", "stars");
        var (host, term) = Split(request.Term);
        var stars = filters["stars"].Select(ReadStars).DefaultIfEmpty(0).Max();
        var registry = directory.EndpointForHost(host, request.Rules);
        var known = await credentials.FindAsync(registry, request.Credentials, cancellationToken);
        var found = await client.SearchAsync(registry, known, term, request.Limit == 0 ? DefaultLimit : request.Limit, cancellationToken);
        return [.. found.Where(one => one.Stars >= stars && Fits(filters, "is-official", one.IsOfficial) && Fits(filters, "is-automated", one.IsAutomated))];
    }

    private static bool Fits(Filters filters, string name, bool value) => filters.Flag(name) is not { } wanted || wanted == value;

    private static int ReadStars(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stars)
        ? stars
        : throw EngineException.InvalidInput($"invalid filter 'stars={text}'");

    private static (string Host, string Term) Split(string term)
    {
        if (term.Length == 0) throw EngineException.InvalidInput("the search term is missing");
        var slash = term.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : term[..slash];
        return first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost"
            ? (first, term[(slash + 1)..])
            : (ImageReference.DefaultRegistry, term);
    }
}
