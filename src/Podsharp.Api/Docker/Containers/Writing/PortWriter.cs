using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Wire.Docker.Containers;
using PortBinding = Podsharp.Wire.Docker.Containers.PortBinding;

namespace Podsharp.Api.Docker.Containers.Writing;

/// <summary>Ports as they are while a container is on a network that leads outside; one published on all addresses shows once for each family.</summary>
internal static class PortWriter
{
    public static IReadOnlyList<PortSummary> Summaries(Container container)
    {
        if (!LeadsOutside(container)) return [];
        var published = container.State.Ports.SelectMany(port => Addresses(port).Select(address => new PortSummary
        {
            Ip = address,
            PrivatePort = port.Container.Port,
            PublicPort = port.HostPort,
            Type = port.Container.Protocol,
        }));
        var exposed = OnlyExposed(container).Select(port => new PortSummary { PrivatePort = port.Port, Type = port.Protocol });
        return [.. exposed.Concat(published).OrderBy(port => port.PrivatePort).ThenBy(port => port.Type, StringComparer.Ordinal)];
    }

    public static IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Map(Container container)
    {
        var map = new SortedDictionary<string, IReadOnlyList<PortBinding>?>(StringComparer.Ordinal);
        if (!LeadsOutside(container)) return map;
        foreach (var port in OnlyExposed(container)) map[port.ToString()] = null;
        foreach (var group in container.State.Ports.GroupBy(port => port.Container))
        {
            map[group.Key.ToString()] =
            [
                .. group.SelectMany(port => Addresses(port).Select(address => new PortBinding { HostIp = address, HostPort = Text(port.HostPort) })),
            ];
        }

        return map;
    }

    /// <summary>The bindings as they were asked for.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PortBinding?>?> Asked(NetworkSpec network) =>
        network.PortBindings
            .GroupBy(binding => binding.Container)
            .ToDictionary(
                group => group.Key.ToString(),
                IReadOnlyList<PortBinding?>? (group) => [.. group.Select(binding => new PortBinding { HostIp = binding.HostIp, HostPort = binding.HostPort })]);

    private static bool LeadsOutside(Container container) => container.State.Endpoints.Any(endpoint => endpoint.IPv4Gateway.Length > 0 || endpoint.IPv6Gateway.Length > 0);

    private static IEnumerable<PortKey> OnlyExposed(Container container) =>
        container.Spec.Network.ExposedPorts.Where(port => container.State.Ports.All(published => published.Container != port));

    private static string[] Addresses(PublishedPort port) => port.HostIp.Length == 0 ? ["0.0.0.0", "::"] : [port.HostIp];

    private static string Text(ushort port) => port.ToString(CultureInfo.InvariantCulture);
}
