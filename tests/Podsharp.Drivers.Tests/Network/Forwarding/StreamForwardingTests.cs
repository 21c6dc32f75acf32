using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Podsharp.Drivers.Network.Forwarding;

namespace Podsharp.Drivers.Tests.Network.Forwarding;

public sealed class StreamForwardingTests : ForwardingFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected override Socket Listener() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private protected override Task Forward(Socket listener, ContainerSockets container)
    {
        listener.Listen();
        return new StreamForwarding(listener, container, Port).RunAsync();
    }

    [Test]
    public async Task What_a_client_says_comes_to_the_container_and_its_answer_back()
    {
        using var server = InNamespace.Listen(Namespace, Port);
        using var client = await ConnectAsync();
        using var accepted = await server.AcceptSocketAsync();

        await client.SendAsync("ask"u8.ToArray());
        var question = await ReceiveAsync(accepted);
        await accepted.SendAsync("answer"u8.ToArray());

        Assert.That(question, Is.EqualTo("ask"));
        Assert.That(await ReceiveAsync(client), Is.EqualTo("answer"));
    }

    [Test]
    public async Task A_client_that_has_said_all_still_hears_the_answer()
    {
        using var server = InNamespace.Listen(Namespace, Port);
        using var client = await ConnectAsync();
        using var accepted = await server.AcceptSocketAsync();

        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReceiveAsync(accepted), Is.Empty, "the container hears that the client has said all");
        await accepted.SendAsync("late"u8.ToArray());

        Assert.That(await ReceiveAsync(client), Is.EqualTo("late"));
    }

    [Test]
    public async Task The_connection_ends_where_nobody_listens_in_the_container()
    {
        using var client = await ConnectAsync();

        Assert.That(await ReceiveAsync(client), Is.Empty);
    }

    [Test]
    public async Task A_container_with_a_new_address_is_reached_at_that()
    {
        using var server = InNamespace.Listen(Namespace, Port);
        using (await ConnectAsync())
        {
            using var first = await server.AcceptSocketAsync();
        }

        await InsideAsync("addr", "del", Address + "/24", "dev", "eth0");
        await InsideAsync("addr", "add", "10.231.10.2/24", "dev", "eth0");
        using var client = await ConnectAsync();
        using var accepted = await server.AcceptSocketAsync();

        Assert.That(accepted.LocalEndPoint!.ToString(), Is.EqualTo($"10.231.10.2:{Port}"));
    }

    [Test]
    public async Task What_breaks_in_the_container_breaks_for_the_client()
    {
        using var server = InNamespace.Listen(Namespace, Port);
        using var client = await ConnectAsync();
        using (var accepted = await server.AcceptSocketAsync()) accepted.LingerState = new LingerOption(true, 0);

        Assert.That(await ReceiveAsync(client), Is.Empty);
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(Published);
        return client;
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var time = new CancellationTokenSource(Patience);
        var buffer = new byte[100];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, time.Token));
        }
        catch (SocketException broken) when (broken.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }
}
