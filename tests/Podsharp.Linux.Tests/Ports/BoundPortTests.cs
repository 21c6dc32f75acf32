using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Podsharp.Linux.Ports;

namespace Podsharp.Linux.Tests.Ports;

public sealed class BoundPortTests
{
    [Test]
    public void A_held_port_cannot_be_taken_by_a_listener_that_reuses_addresses([Values] bool datagram)
    {
        using var held = BoundPort.Bind(IPAddress.Loopback, 0, datagram);
        using var other = datagram
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        var exception = Assert.Throws<SocketException>(() => other.Bind(new IPEndPoint(IPAddress.Any, held.Port)));

        Assert.That(exception!.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
    }

    [Test]
    public void A_port_that_somebody_listens_on_is_refused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var exception = Assert.Throws<SystemCallException>(
            () => BoundPort.Bind(IPAddress.Any, (ushort)((IPEndPoint)listener.LocalEndpoint).Port, datagram: false));

        Assert.That(exception!.ErrorNumber, Is.EqualTo(ErrorNumber.AddressInUse));
    }

    [Test]
    public async Task A_port_with_nothing_but_old_connections_is_free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            // The server's side closes first: its end stays in TIME_WAIT on the port.
            (await listener.AcceptTcpClientAsync()).Dispose();
            Assert.That(await client.GetStream().ReadAsync(new byte[1]), Is.Zero);
        }

        listener.Stop();

        Assert.DoesNotThrow(() => BoundPort.Bind(IPAddress.Loopback, (ushort)port, datagram: false).Dispose());
    }

    [Test]
    public void Connections_to_a_held_port_are_refused()
    {
        using var held = BoundPort.Bind(IPAddress.Loopback, 0, datagram: false);
        using var client = new TcpClient();

        var connecting = async () => await client.ConnectAsync(IPAddress.Loopback, held.Port);

        Assert.That(connecting, Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public void Both_families_can_be_held_on_one_port()
    {
        using var four = BoundPort.Bind(IPAddress.Any, 0, datagram: false);

        using var six = BoundPort.Bind(IPAddress.IPv6Any, four.Port, datagram: false);

        Assert.That(six.Port, Is.EqualTo(four.Port));
    }

    [Test]
    public void A_released_port_is_free()
    {
        var held = BoundPort.Bind(IPAddress.Loopback, 0, datagram: false);
        held.Dispose();

        Assert.DoesNotThrow(() => BoundPort.Bind(IPAddress.Loopback, held.Port, datagram: false).Dispose());
    }
}
