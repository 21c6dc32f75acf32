using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Podsharp.Drivers.Network.Forwarding;

namespace Podsharp.Drivers.Tests.Network.Forwarding;

public sealed class DatagramForwardingTests : ForwardingFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromMilliseconds(20);

    protected override Socket Listener() => new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    private protected override Task Forward(Socket listener, ContainerSockets container) => new DatagramForwarding(listener, container, Port).RunAsync();

    [Test]
    public async Task Each_client_gets_the_answers_to_its_own_questions()
    {
        using var server = InNamespace.Receive(Namespace, Port);
        using var one = Client();
        using var other = Client();

        await one.SendAsync("one"u8.ToArray());
        await other.SendAsync("other"u8.ToArray());
        for (var i = 0; i < 2; i++) await EchoAsync(server);

        Assert.That(await ReceiveAsync(one), Is.EqualTo("one"));
        Assert.That(await ReceiveAsync(other), Is.EqualTo("other"));
    }

    [Test]
    public async Task A_long_datagram_comes_whole()
    {
        using var server = InNamespace.Receive(Namespace, Port);
        using var client = Client();
        var said = new string('x', 40_000);

        await client.SendAsync(Encoding.ASCII.GetBytes(said));
        await EchoAsync(server);

        Assert.That(await ReceiveAsync(client), Is.EqualTo(said));
    }

    [Test]
    public async Task A_server_that_begins_to_listen_later_is_heard()
    {
        using var client = Client();
        await client.SendAsync("too early"u8.ToArray());
        using var server = InNamespace.Receive(Namespace, Port);
        var echo = EchoAsync(server);

        // What was refused meanwhile is lost, as datagrams are; on a busy machine nothing may have been.
        while (!echo.IsCompleted)
        {
            await client.SendAsync("again"u8.ToArray());
            await Task.WhenAny(echo, Task.Delay(Pause));
        }

        Assert.That(await ReceiveAsync(client), Is.EqualTo("again").Or.EqualTo("too early"));
    }

    private Socket Client()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(Published);
        return client;
    }

    private static async Task EchoAsync(Socket server)
    {
        using var time = new CancellationTokenSource(Patience);
        var buffer = new byte[65535];
        var received = await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), time.Token);
        await server.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint, time.Token);
    }

    private static async Task<string> ReceiveAsync(Socket client)
    {
        using var time = new CancellationTokenSource(Patience);
        var buffer = new byte[65535];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, time.Token));
    }
}
