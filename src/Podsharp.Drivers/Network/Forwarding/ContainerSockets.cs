using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network.Forwarding;

/// <summary>Sockets in a container's network namespace, connected to a port of an address that the container has there at this time.</summary>
internal sealed class ContainerSockets(NamespaceWorker space)
{
    // Let connect(2) choose the port: it knows which are free for this destination (ip(7), IP_BIND_ADDRESS_NO_PORT).
    private const int InternetLevel = 0, BindWithoutPort = 24;

    private IPAddress? _address;

    /// <exception cref="SocketException">Nobody listens there, or the container is on no network.</exception>
    public async Task<Socket> ConnectAsync(SocketType type, ushort port)
    {
        var (socket, address) = await space.RunAsync(() => Open(type));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Only on the namespace's thread. An address that was taken off the container may be another's soon: each socket makes sure that it is its own.
    private (Socket Socket, IPAddress Address) Open(SocketType type)
    {
        if (_address is not null && TryOpen(_address, type) is { } known) return (known, _address);
        foreach (var address in Addresses())
        {
            if (TryOpen(address, type) is not { } socket) continue;
            _address = address;
            return (socket, address);
        }

        throw new SocketException((int)SocketError.NetworkUnreachable);
    }

    private static Socket? TryOpen(IPAddress address, SocketType type)
    {
        var socket = new Socket(address.AddressFamily, type, ProtocolType.Unspecified);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetwork) socket.SetRawSocketOption(InternetLevel, BindWithoutPort, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(address, 0));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    // IPv4's first, in the order of the interfaces' names.
    private static IEnumerable<IPAddress> Addresses() =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where network.NetworkInterfaceType != NetworkInterfaceType.Loopback
        orderby network.Name
        from unicast in network.GetIPProperties().UnicastAddresses
        where !unicast.Address.IsIPv6LinkLocal
        orderby unicast.Address.AddressFamily
        select unicast.Address;
}
