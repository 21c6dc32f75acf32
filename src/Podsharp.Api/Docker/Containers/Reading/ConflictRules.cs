using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>Wishes that exclude each other, over the borders of the single readers.</summary>
internal static class ConflictRules
{
    public static void Check(ContainerSpec spec)
    {
        if (spec.Hostname.Length > 0 && spec.UtsMode.Kind == NamespaceKind.Host) throw Conflict("hostname and the UTS mode");
        if (spec.Network.Links.Count > 0 && spec.Network.Mode.Kind == NamespaceKind.Host)
            throw Conflict("host type networking can't be used with links. This would result in undefined behavior");
        if (spec.Network.Mode.Kind == NamespaceKind.Container) CheckJoined(spec);
    }

    // Name, addresses, ports and host files are those of the container whose network is joined.
    private static void CheckJoined(ContainerSpec spec)
    {
        var network = spec.Network;
        if (spec.Hostname.Length > 0) throw Conflict("hostname and the network mode");
        if (network.Links.Count > 0) throw Conflict("container type network can't be used with links. This would result in undefined behavior");
        if (network.Dns.Count > 0) throw Conflict("dns and the network mode");
        if (network.ExtraHosts.Count > 0) throw Conflict("custom host-to-IP mapping and the network mode");
        if (network.MacAddress.Length > 0) throw Conflict("mac-address and the network mode");
        if (network.PortBindings.Count > 0 || network.PublishAllPorts) throw Conflict("port publishing and the container type network mode");
        if (network.ExposedPorts.Count > 0) throw Conflict("port exposing and the container type network mode");
    }

    private static EngineException Conflict(string what) => EngineException.InvalidInput("conflicting options: " + what);
}
