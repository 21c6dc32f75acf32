using System.Net;
using System.Net.Sockets;
using Podsharp.Drivers.Network;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Tests.Network;

[TestFixture]
public sealed class DatagramSocketsTests
{
    [Test]
    public void A_line_tells_address_port_inode_and_unread_bytes()
    {
        var socket = DatagramSockets.Parse("  461: 0107E70A:0035 00000000:0000 07 00000000:00000A20 00:00000000 00000000     0        0 48253 2 ffff88800b3a2d00 0");

        Assert.That(socket, Is.EqualTo(new DatagramSocket(IPEndPoint.Parse("10.231.7.1:53"), 48253, 0xa20)));
    }

    [Test]
    public void A_line_of_IPv6_tells_address_port_and_inode()
    {
        var socket = DatagramSockets.Parse("  461: 00010DFC000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 77 2 0000000000000000 0");

        Assert.That(socket, Is.EqualTo(new DatagramSocket(IPEndPoint.Parse("[fc0d:100::1]:53"), 77, 0)));
    }

    [Test]
    public void A_socket_that_is_opened_again_has_another_inode()
    {
        using var first = Open(IPAddress.Loopback, 0);
        var port = ((IPEndPoint)first.LocalEndPoint!).Port;
        var inode = DatagramSockets.At(new BridgeNamespace(), port)[IPAddress.Loopback].Inode;

        first.Dispose();
        Assert.That(DatagramSockets.At(new BridgeNamespace(), port), Does.Not.ContainKey(IPAddress.Loopback));
        using var second = Open(IPAddress.Loopback, port);

        Assert.That(DatagramSockets.At(new BridgeNamespace(), port)[IPAddress.Loopback].Inode, Is.Not.EqualTo(inode));
    }

    private static Socket Open(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }
}
