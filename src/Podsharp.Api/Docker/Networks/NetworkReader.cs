using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Docker.Networks;

/// <summary>Network create and connect in the engine's words.</summary>
internal static class NetworkReader
{
    public static CreateNetworkRequest Read(CreateNetworkBody body)
    {
        UnknownFields.Refuse(body, "");
        Refuse(body);
        var options = NetworkOptions.Read(body.Driver is null or "" ? "bridge" : body.Driver, body.Options);
        return new CreateNetworkRequest(
            body.Name ?? "",
            body.Driver ?? "",
            options.InterfaceName,
            [.. (body.Ipam?.Config ?? []).Select(Read)],
            body.EnableIPv6 ?? options.IPv6 ?? false,
            body.Internal ?? false,
            options.Dns,
            options.OfDriver,
            body.Labels ?? new Dictionary<string, string>())
        {
            IPv6Only = (body.EnableIPv4 ?? options.IPv4) == false,
            Attachable = body.Attachable ?? false,
            PublishedOn = options.PublishedOn,
            WrittenOptions = body.Options,
            IpamOptionsGiven = body.Ipam?.Options is not null,
        };
    }

    public static ConnectNetworkRequest Read(string network, ConnectBody body)
    {
        // docker-java writes the endpoint twice.
        UnknownFields.Refuse(body, "", body.EndpointConfig is null ? [] : ["containerConfig"]);
        UnknownFields.Refuse(body.EndpointConfig, "EndpointConfig.");
        return new ConnectNetworkRequest(network, body.Container ?? "", Containers.Reading.NetworkReader.Endpoint(network, body.EndpointConfig));
    }

    private static Subnet Read(IpamConfig config) =>
        new(config.Subnet ?? "", config.Gateway ?? "", config.IpRange ?? "") { Reserved = config.AuxiliaryAddresses is { Count: > 0 } reserved ? reserved : null };

    private static void Refuse(CreateNetworkBody body)
    {
        if (body.Scope == "swarm") throw new EngineException(ErrorKind.Forbidden, "cannot create a swarm scoped network when swarm is not active");
        if (body.Scope is not (null or "" or "local")) throw NetworkOptions.Unsupported($"Scope \"{body.Scope}\"");
        if (body.Ingress == true) throw NetworkOptions.Unsupported("Ingress");
        if (body.ConfigOnly == true) throw NetworkOptions.Unsupported("ConfigOnly");
        if (body.ConfigFrom?.Network is { Length: > 0 }) throw NetworkOptions.Unsupported("ConfigFrom");
        if (body.Ipam?.Driver is not (null or "" or "default" or "host-local")) throw NetworkOptions.Unsupported($"IPAM.Driver \"{body.Ipam.Driver}\"");
        if (body.Ipam?.Options is { Count: > 0 }) throw NetworkOptions.Unsupported("IPAM.Options");
    }
}
