using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Podsharp.Api.Http;

namespace Podsharp.Api.Tests.Fuzz;

/// <summary>Requests that are no HTTP any more, or hardly.</summary>
public sealed class HeadFuzzTests
{
    private static readonly string[] Sound =
    [
        "GET /v1.43/echo?a=1&filters=%7B%22label%22%3A%5B%22x%22%5D%7D HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
        "POST /v1.24/echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
        "POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HEAD /libpod/echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\nX-Registry-Auth: e30=\r\n\r\n",
        "GET http://d/v1.43/images/a/b/c/json HTTP/1.0\r\n\r\n",
    ];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task A_damaged_head_is_refused_or_served_and_never_a_failure_of_ours(int seed)
    {
        var mutations = new Mutations(seed);
        await using var server = await ApiServer.StartAsync(docker: Echo, libpod: Echo);

        for (var round = 0; round < 300; round++)
        {
            var request = mutations.Damage(Encoding.UTF8.GetBytes(mutations.One(Sound)));
            var reply = await ExchangeAsync(server, request);
            Assert.That(reply, Does.Not.StartWith("HTTP/1.1 500").And.Not.Contain("   at "), $"seed {seed}, round {round}: {Encoding.Latin1.GetString(request)}");
        }

        Assert.That(server.Logs.Lines, Is.Empty, $"seed {seed}");
        Assert.That(await server.ExchangeAsync(Sound[0]), Does.StartWith("HTTP/1.1 200"), "it still serves");
    }

    private static void Echo(RouteTable routes)
    {
        routes.Get("/echo", ReplyAsync);
        routes.Get("/images/{name...}/json", request => request.ReplyTextAsync(request.Path("name")));
        routes.Post("/echo", ReplyAsync);
    }

    private static async Task ReplyAsync(ApiRequest request)
    {
        var query = request.Query;
        _ = query.Filters("label");
        _ = query.Bool("a");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.Aborted);
        await request.ReplyTextAsync($"{body.Length}");
    }

    /// <summary>Sends it and half-closes, so that the server cannot wait for more.</summary>
    private static async Task<string> ExchangeAsync(ApiServer server, byte[] request)
    {
        using var socket = await server.ConnectAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var reply = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            await socket.SendAsync(request, deadline.Token);
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and var count) reply.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // It hung up on us in the middle: as good an answer as any.
        }

        return Encoding.Latin1.GetString(reply.ToArray());
    }
}
