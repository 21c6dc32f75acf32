using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Drivers.Network;

/// <summary>pasta's command line.</summary>
internal static class PastaArguments
{
    public static IReadOnlyList<string> For(NetworkAttachment attachment, Endpoint endpoint)
    {
        var (address, prefix) = endpoint.IPv4.Split('/') is [var first, var second]
            ? (first, second)
            : throw EngineException.Internal($"the endpoint of container {attachment.ContainerName} has no IPv4 address");
        List<string> arguments =
        [
            "--quiet", "--ipv4-only", "--config-net",
            "--ns-ifname", endpoint.InterfaceName, "--ns-mac-addr", endpoint.MacAddress,
            "--address", address, "--netmask", prefix, "--gateway", endpoint.IPv4Gateway,
            // What listens on the user's loopback is none of the container's business.
            "--no-map-gw", "--tcp-ns", "none", "--udp-ns", "none",
        ];
        arguments.AddRange(Ports("--tcp-ports", "tcp", attachment.Ports));
        arguments.AddRange(Ports("--udp-ports", "udp", attachment.Ports));
        if (attachment.Ports.FirstOrDefault(static port => port.Container.Protocol is not ("tcp" or "udp")) is { } other)
            throw EngineException.NotSupported($"port {other.Container}: a service of an ordinary user publishes tcp and udp ports only");
        return [.. arguments, "--netns", attachment.NamespacePath];
    }

    private static IEnumerable<string> Ports(string option, string protocol, IReadOnlyList<PublishedPort> ports)
    {
        var own = ports.Where(port => port.Container.Protocol == protocol).ToList();
        return own.Count == 0 ? [option, "none"] : own.SelectMany(port => new[] { option, Text(port) });
    }

    private static string Text(PublishedPort port) =>
        $"{(port.HostIp.Length > 0 ? port.HostIp + "/" : "")}{port.HostPort}:{port.Container.Port}";
}
