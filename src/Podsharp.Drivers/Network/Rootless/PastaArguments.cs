using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Drivers.Network.Rootless;

/// <summary>pasta's command line.</summary>
internal static class PastaArguments
{
    /// <summary>The interface that leads outside from the bridges.</summary>
    public const string Outside = "outside";

    /// <summary>For a container on the default network.</summary>
    public static IReadOnlyList<string> For(NetworkAttachment attachment, Endpoint endpoint)
    {
        var (address, prefix) = endpoint.IPv4.Split('/') is [var first, var second]
            ? (first, second)
            : throw EngineException.Internal($"the endpoint of container {attachment.ContainerName} has no IPv4 address");
        if (attachment.Ports.FirstOrDefault(static port => port.Container.Protocol is not ("tcp" or "udp")) is { } other)
            throw EngineException.NotSupported($"port {other.Container}: a service of an ordinary user publishes tcp and udp ports only");
        return
        [
            .. Interface(endpoint.InterfaceName, address, prefix, endpoint.IPv4Gateway),
            "--ns-mac-addr", endpoint.MacAddress,
            .. Ports("--tcp-ports", "tcp", attachment.Ports), .. Ports("--udp-ports", "udp", attachment.Ports), "--netns", attachment.NamespacePath,
        ];
    }

    /// <summary>For the namespace of the bridges. Its addresses are such as no network is given.</summary>
    public static IReadOnlyList<string> ForBridges(string namespacePath) =>
        [.. Interface(Outside, "169.254.113.2", "30", "169.254.113.1"), "--tcp-ports", "none", "--udp-ports", "none", "--netns", namespacePath];

    // What listens on the user's loopback is none of a container's business.
    private static string[] Interface(string name, string address, string prefix, string gateway) =>
    [
        "--quiet", "--ipv4-only", "--config-net", "--ns-ifname", name, "--address", address, "--netmask", prefix, "--gateway", gateway,
        "--no-map-gw", "--tcp-ns", "none", "--udp-ns", "none",
    ];

    private static IEnumerable<string> Ports(string option, string protocol, IReadOnlyList<PublishedPort> ports)
    {
        var own = ports.Where(port => port.Container.Protocol == protocol).ToList();
        return own.Count == 0 ? [option, "none"] : own.SelectMany(port => new[] { option, Text(port) });
    }

    private static string Text(PublishedPort port) =>
        $"{(port.HostIp.Length > 0 ? port.HostIp + "/" : "")}{port.HostPort}:{port.Container.Port}";
}
