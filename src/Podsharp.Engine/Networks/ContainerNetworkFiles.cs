using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>The text of a container's /etc/hosts and /etc/resolv.conf. Containers that join another's namespace share that one's files instead.</summary>
public sealed class ContainerNetworkFiles(IHost host, IHostNetworks hostNetworks, ContainerLinks links, EngineOptions options)
{
    /// <summary>InvalidInput for an extra host without a usable address.</summary>
    public string Hosts(Container container, NetworkPlan plan) =>
        HostsFile.Text(
            container,
            [.. plan.Endpoints.Select(pair => pair.Endpoint)],
            links.Lines(container, plan.Endpoints),
            plan.Kind == NetworkPlanKind.Host ? hostNetworks.HostsFile() : null,
            HostAddress(plan));

    public string ResolvConf(Container container, NetworkPlan plan)
    {
        var spec = container.Spec.Network;
        var ofHost = ResolverConfig.Parse(host.ResolvConf());
        // Servers of networks without a way out come last: the others know the outside, and the names of all the container's networks.
        var gateways = plan.Endpoints.Where(pair => pair.Network.DnsEnabled).OrderBy(pair => pair.Network.Internal).SelectMany(pair => pair.Network.Subnets).Select(subnet => subnet.Gateway).ToList();
        var config = new ResolverConfig(
            FirstOf(gateways, spec.Dns, options.DnsServers, ofHost.Servers),
            [.. FirstOf(spec.DnsSearch, options.DnsSearches, ofHost.Searches).Where(domain => domain != ".")],
            FirstOf(spec.DnsOptions, options.DnsOptions, ofHost.Options));

        // The networks' own names have no dot: ask for them as they are before the search domains, which the server would ask the world about.
        return (gateways.Count > 0 ? config.WithOption("ndots:0") : config).ToString();
    }

    /// <summary>By which the container reaches the host; null when there is no way.</summary>
    private string? HostAddress(NetworkPlan plan)
    {
        if (options.HostContainersInternalAddress is { Length: > 0 } configured) return configured == "none" ? null : configured;
        var gateway = plan.Endpoints.Select(pair => pair.Endpoint.IPv4Gateway).FirstOrDefault(address => address.Length > 0);
        // A service of an ordinary user has no bridge on the host: nobody is at the gateway's address.
        return (host.Facts.Rootless ? null : gateway) ?? host.Address();
    }

    private static IReadOnlyList<string> FirstOf(params ReadOnlySpan<IReadOnlyList<string>> lists)
    {
        foreach (var list in lists)
        {
            if (list.Count > 0) return list;
        }

        return [];
    }
}
