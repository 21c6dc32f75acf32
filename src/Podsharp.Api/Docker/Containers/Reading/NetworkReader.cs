using System.Text.RegularExpressions;
using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Text;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

internal static partial class NetworkReader
{
    // Clients say "default" for the network that the engine shows as "bridge".
    private const string DefaultName = "bridge";

    public static NetworkSpec Read(CreateBody body, HostConfig host, ApiVersion version, List<string> warnings)
    {
        var mode = Mode(host.NetworkMode);
        var (exposed, bindings) = PortReader.Read(body.ExposedPorts, host.PortBindings);
        if (mode.Kind == NamespaceKind.Host && bindings.Count > 0)
        {
            warnings.Add("Published ports are discarded when using host network mode");
            bindings = [];
        }

        var endpoints = Endpoints(mode, host.NetworkMode, body.NetworkingConfig?.EndpointsConfig, version);
        if (body.MacAddress is { Length: > 0 } && version.AtLeast(1, 44))
            warnings.Add("The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead.");
        return new NetworkSpec
        {
            Mode = mode,
            Written = host.NetworkMode,
            Disabled = body.NetworkDisabled,
            Endpoints = endpoints,
            MacAddress = OwnHardware(body.MacAddress, host.NetworkMode, endpoints),
            ExposedPorts = exposed,
            PortBindings = bindings,
            PublishAllPorts = host.PublishAllPorts && mode.Kind != NamespaceKind.Host,
            Dns = [.. (host.Dns ?? []).Select(Server)],
            DnsOptions = host.DnsOptions ?? [],
            DnsSearch = host.DnsSearch ?? [],
            Links = [.. (host.Links ?? []).Select(Link)],
            ExtraHosts = [.. (host.ExtraHosts ?? []).Select(Host)],
        };
    }

    /// <summary>An endpoint as create and connect ask for it; what the engine fills in itself (addresses given, ids) is not read.</summary>
    public static EndpointSpec Endpoint(string network, EndpointSettings? settings)
    {
        if (settings is null) return new EndpointSpec();
        return new EndpointSpec
        {
            IPv4Address = Address(network, settings.IpamConfig?.IPv4Address, "IPv4"),
            IPv6Address = Address(network, settings.IpamConfig?.IPv6Address, "IPv6"),
            LinkLocalAddresses = [.. (settings.IpamConfig?.LinkLocalIps ?? []).Select(text => Address(network, text, "link-local"))],
            Aliases = settings.Aliases ?? [],
            Links = [.. (settings.Links ?? []).Select(Link)],
            MacAddress = Hardware(network, settings.MacAddress),
            DriverOptions = settings.DriverOpts,
            GatewayPriority = settings.GwPriority ?? 0,
        };
    }

    private static NamespaceMode Mode(string text) => text switch
    {
        "" or "default" => new(NamespaceKind.Default),
        "host" => new(NamespaceKind.Host),
        "none" => new(NamespaceKind.None),
        "container:" => throw EngineException.InvalidInput("Invalid network mode: invalid container format container:<name|id>"),
        _ when text.StartsWith("container:", StringComparison.Ordinal) => new(NamespaceKind.Container, text["container:".Length..]),
        _ => new(NamespaceKind.Bridge),
    };

    private static Dictionary<string, EndpointSpec> Endpoints(
        NamespaceMode mode, string written, IReadOnlyDictionary<string, EndpointSettings?>? asked, ApiVersion version)
    {
        var endpoints = new Dictionary<string, EndpointSpec>();
        var ownNetwork = mode.Kind is NamespaceKind.Default or NamespaceKind.Bridge;
        if (asked is { Count: > 1 } && !version.AtLeast(1, 44))
            throw EngineException.InvalidInput($"Container cannot be created with multiple network endpoints: {string.Join(", ", asked.Keys)}");
        foreach (var (name, settings) in asked ?? new Dictionary<string, EndpointSettings?>())
        {
            var endpoint = Endpoint(name, settings);
            // Before 1.44 there was one for the whole container only.
            if (!version.AtLeast(1, 44)) endpoint = endpoint with { MacAddress = "" };
            if (ownNetwork) endpoints[name == "default" ? DefaultName : name] = endpoint;
            else if (name != written) throw EngineException.InvalidInput($"conflicting options: network mode \"{written}\" and the network \"{name}\"");
            else CheckUnaddressed(name, endpoint);
        }

        return endpoints;
    }

    // The host's network, and none, have no addresses to give and nobody to be known to.
    private static void CheckUnaddressed(string network, EndpointSpec endpoint)
    {
        if (endpoint.IPv4Address.Length > 0 || endpoint.IPv6Address.Length > 0) throw Invalid("user specified IP address is supported on user defined networks only");
        if (endpoint.Aliases.Count > 0) throw Invalid("network-scoped alias is supported only for containers in user defined networks");

        EngineException Invalid(string why) => EngineException.InvalidInput($"invalid config for network {network}: invalid endpoint settings:\n{why}");
    }

    private static string OwnHardware(string? top, string mode, Dictionary<string, EndpointSpec> endpoints)
    {
        if (string.IsNullOrEmpty(top)) return "";
        var main = mode is "" or "default" ? DefaultName : mode;
        var address = Hardware(main, top);
        return endpoints.GetValueOrDefault(main)?.MacAddress is null or "" || endpoints[main].MacAddress == address
            ? address
            : throw EngineException.InvalidInput(
                "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty");
    }

    private static string Hardware(string network, string address) =>
        address.Length == 0 || HardwareAddress().IsMatch(address)
            ? address.Replace('-', ':').ToLowerInvariant()
            : throw EngineException.InvalidInput($"invalid config for network {network}: invalid MAC address {address}");

    private static string Address(string network, string? address, string family) =>
        string.IsNullOrEmpty(address) || (AddressText.TryParse(address, out _) && (family == "link-local" || address.Contains(':', StringComparison.Ordinal) == (family == "IPv6")))
            ? address ?? ""
            : throw EngineException.InvalidInput($"invalid config for network {network}: invalid endpoint settings: invalid {family} address: {address}");

    private static string Server(string address) =>
        AddressText.TryParse(address, out _) ? address : throw EngineException.InvalidInput($"invalid Dns: \"{address}\" is not an IP address");

    private static string Host(string entry)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0) throw EngineException.InvalidInput($"bad format for add-host: \"{entry}\"");
        var address = entry[(colon + 1)..];
        return address == "host-gateway" || AddressText.TryParse(address.Trim('[', ']'), out _)
            ? entry
            : throw EngineException.InvalidInput($"invalid IP address in add-host: \"{address}\"");
    }

    /// <summary>"name", "name:alias", or as inspection shows it: "/name:/holder/alias".</summary>
    private static string Link(string text)
    {
        var parts = text.Split(':');
        var (target, alias) = (parts[0].TrimStart('/'), parts[^1][(parts[^1].LastIndexOf('/') + 1)..]);
        return parts.Length <= 2 && target.Length > 0 && alias.Length > 0 && !alias.Any(char.IsWhiteSpace)
            ? $"{target}:{alias}"
            : throw EngineException.InvalidInput($"bad format for links: {text}");
    }

    [GeneratedRegex(@"^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}\z")]
    private static partial Regex HardwareAddress();
}
