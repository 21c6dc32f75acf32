using System.Text.RegularExpressions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Queries;

namespace Podsharp.Engine.Networks;

/// <summary>
/// Filters: name and id (regular expressions that match a part), driver, label, type (builtin or custom), scope, dangling (no container is on it).
/// </summary>
public sealed class ListNetworks(NetworkCatalog catalog, IContainerStore containers)
{
    public async Task<IReadOnlyList<Network>> RunAsync(Filters filters, CancellationToken cancellationToken)
    {
        filters.Knowing("name", "id", "driver", "label", "type", "scope", "dangling");
        if (filters["type"].FirstOrDefault(type => type is not ("builtin" or "custom")) is { } unknown)
            throw EngineException.InvalidInput($"invalid filter: 'type'='{unknown}'");
        var dangling = filters.Flag("dangling");
        var all = await catalog.AllAsync(cancellationToken);
        return
        [
            .. all
                .Where(network => filters.AnyOf("name", text => IsPartOf(network.Name, text)))
                .Where(network => filters.AnyOf("id", text => IsPartOf(network.Id, text)))
                .Where(network => filters.AnyOf("driver", text => network.Driver == text))
                .Where(network => filters.AnyOf("type", text => network.Predefined ? text == "builtin" : text == "custom"))
                .Where(network => filters.AnyOf("scope", text => text == "local"))
                .Where(network => filters.MatchesLabels(network.Labels))
                .Where(network => dangling is null || dangling == (!network.Predefined && !IsUsed(network)))
                .OrderBy(network => network.Created),
        ];
    }

    private static bool IsPartOf(string whole, string pattern)
    {
        try
        {
            return whole.Contains(pattern, StringComparison.Ordinal) || Regex.IsMatch(whole, pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private bool IsUsed(Network network) =>
        containers.All.Any(container => container.State.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id));
}
