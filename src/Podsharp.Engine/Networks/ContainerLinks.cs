using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Networks;

/// <summary>
/// Names that one container alone has for another: "target:alias" of the container or of one of its places. They are lines of its hosts
/// file, so they hold on networks without name resolution too.
/// </summary>
public sealed class ContainerLinks(ContainerLookup lookup, IContainerStore containers)
{
    /// <summary>InvalidInput when a target is not there.</summary>
    public void Check(NetworkSpec spec)
    {
        foreach (var (target, _) in Of(spec))
            if (lookup.TryFind(target) is null) throw EngineException.InvalidInput($"could not get container for {target}: No such container: {target}");
    }

    /// <summary>A line for each target on one of these places' networks. Conflict when one on the default network does not run.</summary>
    public IReadOnlyList<(string Address, string Names)> Lines(Container container, IEnumerable<(Endpoint Endpoint, Network Network)> places)
    {
        var all = places.ToList();
        var lines = new List<(string, string)>();
        foreach (var (name, alias) in Of(container.Spec.Network))
        {
            if (lookup.TryFind(name) is not { } target) continue;
            if (!target.State.IsUp && all.Exists(place => place.Network.Predefined) && container.Spec.Network.Links.Count > 0)
                throw EngineException.Conflict($"Cannot link to a non running container: /{target.Name} AS /{container.Name}/{alias}");
            if (AddressOf(target, all.Select(place => place.Endpoint)) is { } address) lines.Add((address, NamesOf(target, alias)));
        }

        return lines;
    }

    /// <summary>The containers that run and have a name of their own for this one, each with it and the address by which they reach it.</summary>
    public IEnumerable<(Container Container, string Names, string Address)> To(Container target)
    {
        foreach (var container in containers.All)
        {
            if (!container.State.IsUp || container.Id == target.Id) continue;
            foreach (var (name, alias) in Of(container.Spec.Network))
            {
                if (lookup.TryFind(name)?.Id == target.Id && AddressOf(target, container.State.Endpoints) is { } address)
                    yield return (container, NamesOf(target, alias), address);
            }
        }
    }

    private static string NamesOf(Container target, string alias) =>
        string.Join(' ', new[] { alias, target.Spec.Hostname.Length > 0 ? target.Spec.Hostname : target.Id.Short, target.Name }.Distinct());

    private static string? AddressOf(Container target, IEnumerable<Endpoint> places) =>
        (from place in places from other in target.State.Endpoints where other.NetworkId == place.NetworkId select other.IPv4.Length > 0 ? other.IPv4 : other.IPv6)
        .FirstOrDefault()?.Split('/')[0];

    private static IEnumerable<(string Target, string Alias)> Of(NetworkSpec spec)
    {
        foreach (var link in spec.Links.Concat(spec.Endpoints.Values.SelectMany(place => place.Links)).Distinct())
        {
            var colon = link.IndexOf(':', StringComparison.Ordinal);
            yield return (link[..colon], link[(colon + 1)..]);
        }
    }
}
