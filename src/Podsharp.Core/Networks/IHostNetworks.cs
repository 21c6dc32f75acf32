using System.Net;

namespace Podsharp.Core.Networks;

/// <summary>What the engine must know of the host's own networking.</summary>
public interface IHostNetworks
{
    /// <summary>Subnets that the host has addresses in or routes to, the default routes left out. Read anew at each call.</summary>
    IReadOnlyList<HostSubnet> Subnets();

    /// <summary>Names of all the host's network interfaces.</summary>
    IReadOnlyCollection<string> Interfaces();

    /// <summary>Text of the host's hosts file; empty when it has none.</summary>
    string HostsFile();
}

/// <param name="Interface">The interface that the route goes out of.</param>
public sealed record HostSubnet(IPNetwork Network, string Interface);
