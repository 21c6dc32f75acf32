using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Podsharp.Api.Hijack;
using Podsharp.Api.Http;
using Podsharp.Wire.Common;

namespace Podsharp.Api.Tests.Hijack;

public sealed class HijackTests
{
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
    private const string Raw = "application/vnd.docker.raw-stream";

    private Probe _probe = null!;
    private ApiServer _server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _probe = new Probe();
        _server = await ApiServer.StartAsync(services => services.AddSingleton(_probe), Map);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        Assert.That(_server.Logs.Lines, Is.Empty, "nothing is logged about hijacked connections");
    }

    [Test]
    public async Task Answers_101_to_a_client_that_asks_for_the_upgrade()
    {
        var reply = await EndToEndAsync($"POST /v1.41/echo HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Length: 0\r\n\r\n", "hello");
        Assert.That(reply, Is.EqualTo($"HTTP/1.1 101 UPGRADED\r\nContent-Type: {Raw}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello<eof>"));
    }

    [Test]
    public async Task Answers_200_to_a_client_that_does_not()
    {
        var reply = await EndToEndAsync("POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", "hello");
        Assert.That(reply, Is.EqualTo($"HTTP/1.1 200 OK\r\nContent-Type: {Raw}\r\n\r\nhello<eof>"));
    }

    [TestCase("Content-Length: 10\r\n\r\n{\"Id\":\"x\"}")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\na\r\n{\"Id\":\"x\"}\r\n0\r\n\r\n")]
    public async Task Reads_the_request_body_and_takes_what_follows_for_input(string lengthAndBody)
    {
        var reply = await EndToEndAsync($"POST /body HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Type: application/json\r\n{lengthAndBody}", "hello");
        Assert.That(reply, Does.EndWith("\r\n\r\nx:hello<eof>"));
    }

    [TestCase("Content-Length: 10\r\n\r\n{\"Id\":\"x\"}")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public async Task Skips_a_body_that_the_handler_did_not_read(string lengthAndBody)
    {
        var reply = await EndToEndAsync($"POST /echo HTTP/1.1\r\nHost: d\r\n{Upgrade}{lengthAndBody}", "hello");
        Assert.That(reply, Does.EndWith("\r\n\r\nhello<eof>"));
    }

    [Test]
    public async Task Goes_on_sending_after_a_half_close_that_came_before_the_hijack()
    {
        _probe.Gate = new SemaphoreSlim(0);
        using var socket = await _server.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /echo HTTP/1.1\r\nHost: d\r\n{Upgrade}\r\nearly"));
        socket.Shutdown(SocketShutdown.Send);
        await _probe.Started.WaitAsync(TimeSpan.FromSeconds(10));
        await Task.Delay(100);
        _probe.Gate.Release();
        Assert.That(await ReadToEndAsync(socket), Does.EndWith("\r\n\r\nearly<eof>"));
    }

    [Test]
    public async Task Carries_much_data_both_ways_at_once_unharmed()
    {
        var data = RandomNumberGenerator.GetBytes(48 << 20);
        using var socket = await _server.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /echo HTTP/1.1\r\nHost: d\r\n{Upgrade}\r\n"));
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < data.Length;) at += await socket.SendAsync(data.AsMemory(at));
            socket.Shutdown(SocketShutdown.Send);
        });
        var bytes = await ReadAllAsync(socket);
        await sending;
        var body = bytes.AsSpan(bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4);
        Assert.That(SHA256.HashData(body[..^5]), Is.EqualTo(SHA256.HashData(data)));
    }

    [Test]
    public async Task Gives_a_client_that_keeps_sending_all_output_and_a_clean_end()
    {
        using var socket = await _server.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /output HTTP/1.1\r\nHost: d\r\n{Upgrade}\r\n"));
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            var noise = new byte[64 << 10];
            while (!stop.IsCancellationRequested) await socket.SendAsync(noise);
        });
        var reply = await ReadToEndAsync(socket);
        await stop.CancelAsync();
        await sending;
        Assert.That(reply, Has.Length.GreaterThan(4 << 20));
        Assert.That(reply, Does.EndWith("xx<eof>"));
    }

    [Test]
    public async Task Notices_that_the_client_has_gone_though_there_is_no_output()
    {
        using (var socket = await _server.ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /silent HTTP/1.1\r\nHost: d\r\n{Upgrade}\r\n"));
            await _probe.Started.WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.That(await _probe.Ended.WaitAsync(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public async Task Takes_a_half_closed_client_for_a_present_one()
    {
        using var socket = await _server.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /silent HTTP/1.1\r\nHost: d\r\n{Upgrade}\r\n"));
        socket.Shutdown(SocketShutdown.Send);
        await _probe.Started.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(await _probe.Ended.WaitAsync(TimeSpan.FromSeconds(2.5)), Is.False);
    }

    [Test]
    public async Task Ends_quietly_when_the_client_goes_in_the_middle_of_output()
    {
        using (var socket = await _server.ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /flood HTTP/1.1\r\nHost: d\r\n{Upgrade}\r\n"));
            await _probe.Started.WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.That(await _probe.Ended.WaitAsync(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public async Task Answers_an_error_before_the_hijack_as_JSON()
    {
        using var socket = await _server.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /body HTTP/1.1\r\nHost: d\r\n{Upgrade}Content-Length: 1\r\n\r\n{{"));
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(10));
        var reply = Encoding.ASCII.GetString(buffer, 0, count);
        Assert.That(reply, Does.StartWith("HTTP/1.1 400 Bad Request"));
        Assert.That(reply, Does.Contain("invalid JSON"));
    }

    private static void Map(RouteTable routes)
    {
        routes.PostHijacked<Probe>("/echo", EchoAsync);
        routes.PostHijacked<Probe>("/body", BodyAsync);
        routes.PostHijacked<Probe>("/output", OutputAsync);
        routes.PostHijacked<Probe>("/silent", SilentAsync);
        routes.PostHijacked<Probe>("/flood", FloodAsync);
    }

    private static async Task EchoAsync(ApiRequest request, Probe probe)
    {
        probe.Started.Release();
        if (probe.Gate is { } gate) await gate.WaitAsync(request.Aborted);
        await using var connection = await request.HijackAsync(Raw);
        await CopyAsync(connection);
    }

    private static async Task BodyAsync(ApiRequest request, Probe probe)
    {
        var body = await request.ReadJsonAsync(CommonJson.Default.IdReply);
        await using var connection = await request.HijackAsync(Raw);
        await connection.Output.WriteAsync(Encoding.ASCII.GetBytes(body.Id + ":"));
        await CopyAsync(connection);
    }

    private static async Task OutputAsync(ApiRequest request, Probe probe)
    {
        await using var connection = await request.HijackAsync(Raw);
        var piece = Encoding.ASCII.GetBytes(new string('x', 64 << 10));
        for (var i = 0; i < 65; i++) await connection.Output.WriteAsync(piece);
        await connection.Output.WriteAsync("<eof>"u8.ToArray());
    }

    private static async Task SilentAsync(ApiRequest request, Probe probe)
    {
        await using var connection = await request.HijackAsync(Raw);
        probe.Started.Release();
        var ended = new TaskCompletionSource();
        await using var registration = connection.ClientGone.Register(ended.SetResult);
        await ended.Task;
        probe.Ended.Release();
    }

    private static async Task FloodAsync(ApiRequest request, Probe probe)
    {
        await using var connection = await request.HijackAsync(Raw);
        probe.Started.Release();
        try
        {
            while (true) await connection.Output.WriteAsync(new byte[32 << 10]);
        }
        catch (IOException)
        {
            probe.Ended.Release();
        }
    }

    private static async Task CopyAsync(HijackedConnection connection)
    {
        await connection.Input.CopyToAsync(connection.Output);
        await connection.Output.WriteAsync("<eof>"u8.ToArray());
    }

    private async Task<string> EndToEndAsync(string head, string input)
    {
        using var socket = await _server.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(head + input));
        socket.Shutdown(SocketShutdown.Send);
        return await ReadToEndAsync(socket);
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        return Encoding.ASCII.GetString(await ReadAllAsync(socket));
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and var count) all.Write(buffer, 0, count);
        return all.ToArray();
    }

    private sealed class Probe
    {
        public SemaphoreSlim Started { get; } = new(0);

        public SemaphoreSlim Ended { get; } = new(0);

        public SemaphoreSlim? Gate { get; set; }
    }
}
