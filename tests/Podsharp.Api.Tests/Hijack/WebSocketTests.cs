using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Api.Http;

namespace Podsharp.Api.Tests.Hijack;

public sealed class WebSocketTests
{
    private const string Good = "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private ApiServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync(
        services => services.AddSingleton(new Mark()),
        routes =>
        {
            routes.GetHijacked<Mark>("/binary", (request, _) => EchoAsync(request, binary: true));
            routes.GetHijacked<Mark>("/text", (request, _) => EchoAsync(request, binary: false));
        });

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        Assert.That(_server.Logs.Lines, Is.Empty);
    }

    [Test]
    public async Task Answers_the_handshake_of_the_document()
    {
        var reply = await ConverseAsync("/binary", Good + "Sec-WebSocket-Protocol: chat\r\n", Frame(0x88, ""));

        Assert.That(reply.Head, Is.EqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + "Sec-WebSocket-Protocol: chat\r\n\r\n"));
        Assert.That(reply.Frames, Is.EqualTo("\x88\x02\x03\xe8"));
    }

    [TestCase("", "not websocket protocol")]
    [TestCase("Upgrade: tcp\r\nConnection: Upgrade\r\n", "not websocket protocol")]
    [TestCase("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "WebSocket Version")]
    [TestCase("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", "challenge")]
    public async Task Refuses_what_is_no_handshake(string headers, string words)
    {
        var reply = await _server.ExchangeAsync($"GET /binary HTTP/1.1\r\nHost: d\r\n{(headers.Length == 0 ? "Connection: close\r\n" : headers.Replace("Connection: ", "Connection: close, "))}\r\n");

        Assert.That(reply, Does.StartWith("HTTP/1.1 400").And.Contain(words));
    }

    [TestCase("/binary", '\x82')]
    [TestCase("/text", '\x81')]
    public async Task Passes_on_what_frames_hold_and_answers_in_frames(string path, char opcode)
    {
        var reply = await ConverseAsync(path, Good, Frame(0x81, "hello"), Frame(0x88, "\x03\xe8"));

        Assert.That(reply.Frames, Is.EqualTo($"{opcode}\x05hello\x88\x02\x03\xe8"));
    }

    [Test]
    public async Task A_ping_between_the_parts_of_a_message_is_answered()
    {
        var reply = await ConverseAsync("/binary", Good, Frame(0x02, "he"), Frame(0x89, "p"), Frame(0x80, "llo"), Frame(0x88, ""));

        Assert.That(reply.Frames, Does.Contain("\x8a\x01p").And.EndWith("\x88\x02\x03\xe8"));
        Assert.That(reply.Frames.Replace("\x8a\x01p", "").Replace("\x82\x02he\x82\x03llo", "\x82\x05hello"), Does.StartWith("\x82\x05hello"));
    }

    [TestCase(126)]
    [TestCase(70_000)]
    [TestCase(300_000)]
    public async Task Frames_may_be_long(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 23))));

        var reply = await ConverseAsync("/binary", Good, Frame(0x82, text), Frame(0x88, ""));

        Assert.That(Payloads(reply.Frames), Is.EqualTo(text));
    }

    [TestCase("\x81\x02hi", TestName = "A client that does not mask breaks the protocol")]
    [TestCase("\xc1\x80mask", TestName = "An extension that was not agreed on breaks the protocol")]
    [TestCase("\x83\x80mask", TestName = "An unknown frame breaks the protocol")]
    [TestCase("\x09\x80mask", TestName = "A ping in parts breaks the protocol")]
    [TestCase("\x89\xfe\x01\x00mask", TestName = "A long ping breaks the protocol")]
    [TestCase("\x80\x80mask", TestName = "Going on with no message breaks the protocol")]
    [TestCase("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xffmask", TestName = "A negative length breaks the protocol")]
    public async Task Breaking_the_protocol_closes_with_1002(string bytes) =>
        Assert.That((await ConverseAsync("/binary", Good, bytes)).Frames, Is.EqualTo("\x88\x02\x03\xea"));

    [Test]
    public async Task A_client_that_ends_within_a_frame_ends_the_input()
    {
        var reply = await ConverseAsync("/binary", Good, Frame(0x82, "all") + "\x82\x85maskha");

        Assert.That(Payloads(reply.Frames), Has.Length.EqualTo(5).And.StartWith("all"));
    }

    private static async Task EchoAsync(ApiRequest request, bool binary)
    {
        await using var connection = await request.AcceptWebSocketAsync(binary);
        await connection.Input.CopyToAsync(connection.Output, connection.ClientGone);
    }

    private static string Frame(byte first, string payload)
    {
        var length = payload.Length;
        var size = length < 126 ? $"{(char)(0x80 | length)}"
            : length < 65536 ? $"\xfe{(char)(length >> 8)}{(char)(length & 255)}"
            : $"\xff\0\0\0\0\0{(char)(length >> 16)}{(char)((length >> 8) & 255)}{(char)(length & 255)}";
        return $"{(char)first}{size}mask{string.Concat(payload.Select((c, i) => (char)(c ^ "mask"[i & 3])))}";
    }

    /// <summary>What the frames of data hold; the server's are never masked.</summary>
    private static string Payloads(string frames)
    {
        var all = new StringBuilder();
        for (var at = 0; at < frames.Length;)
        {
            var (length, head) = (int)frames[at + 1] switch
            {
                126 => ((frames[at + 2] << 8) | frames[at + 3], 4),
                127 => ((frames[at + 7] << 16) | (frames[at + 8] << 8) | frames[at + 9], 10),
                var small => (small, 2),
            };
            if (frames[at] < '\x88') all.Append(frames, at + head, length);
            at += head + length;
        }

        return all.ToString();
    }

    /// <summary>Sends everything and then half-closes.</summary>
    private async Task<(string Head, string Frames)> ConverseAsync(string path, string headers, params string[] frames)
    {
        using var socket = await _server.ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: d\r\n{headers}\r\n{string.Concat(frames)}"));
        socket.Shutdown(SocketShutdown.Send);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all).WaitAsync(TimeSpan.FromSeconds(20));
        var reply = Encoding.Latin1.GetString(all.ToArray());
        var end = reply.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (reply[..end], reply[end..]);
    }

    private sealed class Mark;
}
