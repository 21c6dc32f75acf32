using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Linux;
using Podsharp.Linux.Ports;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Host ports, held by sockets that are bound and never listen, as long as the container has them. The firewall redirects packets
/// before they would reach such a socket. SCTP ports are held in the table alone: kernels without the protocol have no sockets of it.
/// </summary>
/// <param name="byForwarder">A program will listen on the ports: they are tried and let go, and held in the table alone.</param>
public sealed class HostPorts(bool byForwarder = false) : IHostPorts, IDisposable
{
    private const int RandomAttempts = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<ContainerId, List<Held>> _held = [];

    public IReadOnlyList<PublishedPort> Reserve(ContainerId owner, IReadOnlyList<PortBinding> bindings)
    {
        var taken = new List<Held>();
        lock (_lock)
        {
            try
            {
                foreach (var binding in bindings) taken.Add(Take(binding, taken));
            }
            catch
            {
                taken.ForEach(held => held.Dispose());
                throw;
            }

            Add(owner, taken);
        }

        return [.. taken.Select(held => held.Port)];
    }

    public void Adopt(ContainerId owner, IReadOnlyList<PublishedPort> ports)
    {
        lock (_lock)
        {
            // Somebody may have taken the port while no service held it: traffic still goes to the container.
            Add(owner, [.. ports.Select(port => new Held(port, !byForwarder && TryBind(port, out var sockets) ? sockets : []))]);
        }
    }

    public void Release(ContainerId owner)
    {
        lock (_lock)
        {
            if (_held.Remove(owner, out var held)) held.ForEach(port => port.Dispose());
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var held in _held.Values.SelectMany(list => list)) held.Dispose();
            _held.Clear();
        }
    }

    private void Add(ContainerId owner, List<Held> ports)
    {
        if (ports.Count == 0) return;
        if (_held.TryGetValue(owner, out var list)) list.AddRange(ports);
        else _held.Add(owner, ports);
    }

    private Held Take(PortBinding binding, List<Held> taken)
    {
        var (first, last) = ParseRange(binding.HostPort);
        if (first == 0) return TakeAny(binding, taken);
        for (var port = first; port <= last; port++)
        {
            if (TryTake(new PublishedPort(binding.Container, binding.HostIp, (ushort)port), taken, out var held)) return held;
        }

        var where = binding.HostIp.Length == 0 ? "0.0.0.0" : binding.HostIp;
        throw EngineException.Conflict(first == last
            ? $"Bind for {where}:{first} failed: port is already allocated"
            : $"Bind for {where}:{first}-{last} failed: all ports are allocated");
    }

    // The kernel picks one of its ephemeral range for the first family; the other must have it free too.
    private Held TakeAny(PortBinding binding, List<Held> taken)
    {
        for (var attempt = 0; attempt < RandomAttempts; attempt++)
        {
            ushort port;
            using (var probe = BoundPort.Bind(Addresses(binding.HostIp)[0], 0, binding.Container.Protocol == "udp")) port = probe.Port;
            if (TryTake(new PublishedPort(binding.Container, binding.HostIp, port), taken, out var held)) return held;
        }

        throw EngineException.Exhausted($"no free host port was found for container port {binding.Container}");
    }

    private bool TryTake(PublishedPort port, List<Held> taken, out Held held)
    {
        held = null!;
        if (_held.Values.SelectMany(list => list).Concat(taken).Any(other => other.Collides(port))) return false;
        if (!TryBind(port, out var sockets)) return false;
        if (byForwarder)
        {
            sockets.ForEach(socket => socket.Dispose());
            sockets = [];
        }

        held = new Held(port, sockets);
        return true;
    }

    private static bool TryBind(PublishedPort port, out List<BoundPort> sockets)
    {
        sockets = [];
        if (port.Container.Protocol == "sctp") return true;
        var addresses = Addresses(port.HostIp);
        foreach (var address in addresses)
        {
            try
            {
                sockets.Add(BoundPort.Bind(address, port.HostPort, port.Container.Protocol == "udp"));
            }
            catch (SystemCallException exception) when (address.Equals(IPAddress.IPv6Any) && addresses.Count == 2 && LacksIPv6(exception))
            {
            }
            catch (SystemCallException exception)
            {
                sockets.ForEach(socket => socket.Dispose());
                return exception.ErrorNumber == ErrorNumber.AddressInUse ? false : throw EngineException.InvalidInput(exception.Message);
            }
        }

        return true;
    }

    private static bool LacksIPv6(SystemCallException exception) =>
        exception.ErrorNumber is ErrorNumber.FamilyNotSupported or ErrorNumber.AddressNotAvailable;

    private static List<IPAddress> Addresses(string hostIp)
    {
        if (hostIp.Length == 0) return [IPAddress.Any, IPAddress.IPv6Any];
        return IPAddress.TryParse(hostIp, out var address)
            ? [address]
            : throw EngineException.InvalidInput($"invalid host address \"{hostIp}\" of a published port");
    }

    private static (int First, int Last) ParseRange(string text)
    {
        if (text.Length == 0) return (0, 0);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = ParsePort(dash < 0 ? text : text[..dash], text);
        var last = dash < 0 ? first : ParsePort(text[(dash + 1)..], text);
        return last < first || (first == 0 && last != 0)
            ? throw EngineException.InvalidInput($"invalid host port range \"{text}\"")
            : (first, last);
    }

    private static int ParsePort(string text, string whole) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw EngineException.InvalidInput($"invalid host port \"{whole}\": want a number up to 65535 or a range of them");

    private sealed class Held(PublishedPort port, List<BoundPort> sockets) : IDisposable
    {
        public PublishedPort Port { get; } = port;

        public bool Collides(PublishedPort other) =>
            Port.HostPort == other.HostPort
            && Port.Container.Protocol == other.Container.Protocol
            && Addresses(Port.HostIp).Any(mine => Addresses(other.HostIp).Any(theirs => Overlap(mine, theirs)));

        public void Dispose() => sockets.ForEach(socket => socket.Dispose());

        private static bool Overlap(IPAddress one, IPAddress other) =>
            one.AddressFamily == other.AddressFamily && (one.Equals(other) || IsAny(one) || IsAny(other));

        private static bool IsAny(IPAddress address) =>
            address.Equals(address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any);
    }
}
