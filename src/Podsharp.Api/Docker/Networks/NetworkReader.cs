using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Docker.Networks;

/// <summary>Network create in the engine's words. What docker's bridges can and these cannot is refused by name.</summary>
internal static class NetworkReader
{
    public static CreateNetworkRequest Read(CreateNetworkBody body)
    {
        Refuse(body);
        var options = new Dictionary<string, string>();
        var interfaceName = "";
        foreach (var (key, value) in body.Options ?? new Dictionary<string, string>())
        {
            switch (key)
            {
                case NetworkMapping.BridgeName:
                    interfaceName = value;
                    break;
                case NetworkMapping.Mtu:
                    options["mtu"] = value;
                    break;
                case NetworkMapping.Prefix + "bridge.enable_icc" or NetworkMapping.Prefix + "bridge.enable_ip_masquerade":
                    RequireDefault(key, value, "true");
                    break;
                case NetworkMapping.Prefix + "bridge.host_binding_ipv4":
                    RequireDefault(key, value, "0.0.0.0");
                    break;
                default:
                    if (key.StartsWith(NetworkMapping.Prefix, StringComparison.Ordinal)) throw Unsupported($"Options.{key}");
                    options[key] = value;
                    break;
            }
        }

        return new CreateNetworkRequest(
            body.Name ?? "",
            body.Driver ?? "",
            interfaceName,
            [.. (body.Ipam?.Config ?? []).Select(config => new Subnet(config.Subnet ?? "", config.Gateway ?? "", config.IpRange ?? ""))],
            body.EnableIPv6 ?? false,
            body.Internal ?? false,
            DnsEnabled: true,
            options,
            body.Labels ?? new Dictionary<string, string>());
    }

    private static void Refuse(CreateNetworkBody body)
    {
        if (body.Scope is not (null or "" or "local")) throw Unsupported($"Scope \"{body.Scope}\"");
        if (body.EnableIPv4 == false) throw Unsupported("EnableIPv4=false");
        if (body.Ingress == true) throw Unsupported("Ingress");
        if (body.ConfigOnly == true) throw Unsupported("ConfigOnly");
        if (body.ConfigFrom?.Network is { Length: > 0 }) throw Unsupported("ConfigFrom");
        if (body.Ipam?.Driver is not (null or "" or "default" or "host-local")) throw Unsupported($"IPAM.Driver \"{body.Ipam.Driver}\"");
        if (body.Ipam?.Options is { Count: > 0 }) throw Unsupported("IPAM.Options");
        if (body.Ipam?.Config?.Any(config => config.AuxiliaryAddresses is { Count: > 0 }) == true) throw Unsupported("IPAM.Config.AuxiliaryAddresses");
    }

    private static void RequireDefault(string key, string value, string wanted)
    {
        if (value != wanted) throw Unsupported($"Options.{key}={value}");
    }

    private static EngineException Unsupported(string what) => EngineException.NotSupported($"network create: {what} is not supported by this engine");
}
