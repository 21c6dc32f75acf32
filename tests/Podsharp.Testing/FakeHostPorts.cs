using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Testing;

/// <summary>Host ports in memory; a free one is counted up from 40000.</summary>
public sealed class FakeHostPorts : IHostPorts
{
    private int _next = 40000;

    public Dictionary<ContainerId, List<PublishedPort>> Held { get; } = [];

    /// <summary>Ports that another program has.</summary>
    public HashSet<int> TakenByOthers { get; } = [];

    public IReadOnlyList<PublishedPort> Reserve(ContainerId owner, IReadOnlyList<PortBinding> bindings)
    {
        var ports = new List<PublishedPort>();
        foreach (var binding in bindings)
        {
            var wanted = binding.HostPort is "" or "0" ? _next++ : int.Parse(binding.HostPort, CultureInfo.InvariantCulture);
            if (TakenByOthers.Contains(wanted) || Held.Values.Any(held => held.Exists(port => port.HostPort == wanted)))
                throw EngineException.Conflict($"Bind for 0.0.0.0:{wanted} failed: port is already allocated");
            ports.Add(new PublishedPort(binding.Container, binding.HostIp, (ushort)wanted));
        }

        Adopt(owner, ports);
        return ports;
    }

    public void Adopt(ContainerId owner, IReadOnlyList<PublishedPort> ports)
    {
        if (ports.Count > 0) Held[owner] = [.. ports];
    }

    public void Release(ContainerId owner) => Held.Remove(owner);
}
