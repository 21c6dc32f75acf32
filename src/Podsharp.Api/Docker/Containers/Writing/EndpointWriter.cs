using System.Globalization;
using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

/// <summary>A container's networks: live endpoints while it has them, else the places it will have.</summary>
internal static class EndpointWriter
{
    public const string DefaultName = "bridge";

    public static IReadOnlyDictionary<string, EndpointSettings> Networks(Container container, ApiVersion version)
    {
        var networks = new Dictionary<string, EndpointSettings>();
        foreach (var name in Names(container)) networks[name] = Settings(container, name, null, version);
        foreach (var endpoint in container.State.Endpoints)
            networks[endpoint.NetworkName] = Settings(container, endpoint.NetworkName, endpoint, version);
        return networks;
    }

    /// <summary>The mode as inspection shows it: "default" is the name of what it stands for.</summary>
    public static string ModeText(NetworkSpec network) => network.Mode.Kind switch
    {
        NamespaceKind.Default => DefaultName,
        NamespaceKind.Container => "container:" + network.Mode.Value,
        NamespaceKind.Bridge => network.Written.Length > 0 ? network.Written : DefaultName,
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> Names(Container container)
    {
        var network = container.Spec.Network;
        if (network.Mode.Kind == NamespaceKind.Container || network.Disabled) return [];
        if (container.State.Endpoints.Count > 0) return [];
        if (network.Mode.Kind is NamespaceKind.Host or NamespaceKind.None && network is { Disconnected: false, Endpoints.Count: 0 }) return [ModeText(network)];
        return network.Places().Keys.Select(name => name == "default" ? DefaultName : name);
    }

    private static EndpointSettings Settings(Container container, string name, Endpoint? live, ApiVersion version)
    {
        var asked = container.Spec.Network.Endpoints.TryGetValue(name, out var found) ? found : new EndpointSpec();
        var ownNetwork = name is not (DefaultName or "none") && container.Spec.Network.Mode.Kind is NamespaceKind.Default or NamespaceKind.Bridge or NamespaceKind.None;
        string[] names = [container.Id.Short, container.Spec.Hostname];
        // What the names resolve to was shown among the aliases before it had a field of its own.
        var aliases = ownNetwork && !version.AtLeast(1, 45) ? asked.Aliases.Concat(names).Where(alias => alias.Length > 0).Distinct().ToList() : asked.Aliases;
        var settings = new EndpointSettings
        {
            IpamConfig = Ipam(asked),
            Links = asked.Links.Count > 0 ? asked.Links : null,
            Aliases = aliases.Count > 0 ? aliases : null,
            MacAddress = live?.MacAddress ?? (asked.MacAddress.Length == 0 && name == ModeText(container.Spec.Network) ? container.Spec.Network.MacAddress : asked.MacAddress),
            DriverOpts = asked.DriverOptions,
            GwPriority = version.AtLeast(1, 48) ? asked.GatewayPriority : null,
            DnsNames = ownNetwork && version.AtLeast(1, 44)
                ? [.. new[] { container.Name }.Concat(asked.Aliases).Concat(names).Where(known => known.Length > 0).Distinct()]
                : null,
        };
        settings.NetworkId = live?.NetworkId ?? container.State.LastNetworks?.GetValueOrDefault(name) ?? "";
        if (live is null) return settings;
        (settings.IPAddress, settings.IPPrefixLen) = Split(live.IPv4);
        (settings.GlobalIPv6Address, settings.GlobalIPv6PrefixLen) = Split(live.IPv6);
        settings.Gateway = live.IPv4Gateway;
        settings.IPv6Gateway = live.IPv6Gateway;
        settings.EndpointId = live.EndpointId;
        return settings;
    }

    private static EndpointIpamConfig? Ipam(EndpointSpec asked)
    {
        if (asked.IPv4Address.Length == 0 && asked.IPv6Address.Length == 0 && asked.LinkLocalAddresses.Count == 0) return null;
        return new EndpointIpamConfig
        {
            IPv4Address = asked.IPv4Address.Length > 0 ? asked.IPv4Address : null,
            IPv6Address = asked.IPv6Address.Length > 0 ? asked.IPv6Address : null,
            LinkLocalIps = asked.LinkLocalAddresses.Count > 0 ? asked.LinkLocalAddresses : null,
        };
    }

    private static (string Address, int Prefix) Split(string cidr)
    {
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (cidr, 0) : (cidr[..slash], int.Parse(cidr.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }
}
