using System.Net.WebSockets;
using System.Text;

namespace Podsharp.System.Tests.Containers;

public sealed class WebSocketAttachTests : EngineTest
{
    private const string Streams = "stream=1&stdin=1&stdout=1&stderr=1";

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));

    [OneTimeTearDown]
    public void Forget() => _deadline.Dispose();

    [TestCase("", WebSocketMessageType.Binary)]
    [TestCase("v1.28/", WebSocketMessageType.Binary)]
    [TestCase("v1.27/", WebSocketMessageType.Text)]
    public async Task Talks_with_a_container_in_messages_without_frames(string version, WebSocketMessageType type)
    {
        var container = await RunAsync("-di", "while read line; do echo got $line; done");
        using var socket = await ConnectAsync($"{version}containers/{container}/attach/ws?{Streams}");

        await SayAsync(socket, "a word\n");

        Assert.That(await HearAsync(socket, "got a word\n"), Is.EqualTo(("got a word\n", type)));
    }

    [Test]
    public async Task Closes_in_good_order_when_the_container_ends()
    {
        var container = await RunAsync("-di", "read line; echo bye; exit 3");
        using var socket = await ConnectAsync($"containers/{container}/attach/ws?{Streams}");

        await SayAsync(socket, "go\n");

        Assert.That((await HearAsync(socket, null)).Text, Is.EqualTo("bye\n"));
        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    [Test]
    public async Task Detach_keys_close_the_socket_and_leave_the_container_be()
    {
        var container = await RunAsync("-dit", "while read line; do echo got $line; done");
        using var socket = await ConnectAsync($"containers/{container}/attach/ws?{Streams}&detachKeys=ctrl-a");

        await SayAsync(socket, "\u0001");
        await HearAsync(socket, null);

        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
    }

    [Test]
    public async Task What_was_written_before_comes_first()
    {
        var container = await RunAsync("-di", "echo before; read line");
        await Eventually.SettleAsync(() => Docker.OutputAsync("logs", container), text => text.Contains("before"));
        using var socket = await ConnectAsync($"containers/{container}/attach/ws?logs=1&stdout=1");

        Assert.That((await HearAsync(socket, null)).Text, Is.EqualTo("before\n"));
    }

    [Test]
    public async Task A_client_that_closes_gets_its_close_and_leaves_the_container_be()
    {
        var container = await RunAsync("-di", "while read line; do echo got $line; done");
        using var socket = await ConnectAsync($"containers/{container}/attach/ws?{Streams}");

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", _deadline.Token);

        Assert.That(socket.State, Is.EqualTo(WebSocketState.Closed));
        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
    }

    private async Task<string> RunAsync(string flags, string script)
    {
        var name = NewName();
        await Docker.OutputAsync("run", flags, "--network", "none", "--name", name, Image, "sh", "-c", script);
        return name;
    }

    private async Task<ClientWebSocket> ConnectAsync(string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://engine/{path}"), Engine.Http, _deadline.Token);
        return socket;
    }

    private Task SayAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _deadline.Token);

    /// <returns>What comes until <paramref name="until"/> has come, or (null) until the engine closes; the kind of the last message.</returns>
    private async Task<(string Text, WebSocketMessageType Type)> HearAsync(ClientWebSocket socket, string? until)
    {
        var heard = "";
        var buffer = new byte[4096];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer, _deadline.Token);
            if (message.MessageType == WebSocketMessageType.Close) return (heard, message.MessageType);
            heard += Encoding.UTF8.GetString(buffer, 0, message.Count);
            if (until is not null && heard.Contains(until)) return (heard, message.MessageType);
        }
    }
}
