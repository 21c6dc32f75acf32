using System.Net.Sockets;
using System.Text;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Http;

[CancelAfter(60_000)]
public sealed class RequestBodyTests
{
    private static readonly byte[] End = Encoding.ASCII.GetBytes("GET /_after HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");

    [TestCase("Content-Length: 8", "half", "done")]
    [TestCase("Transfer-Encoding: chunked", "4\r\nhalf\r\n", "4\r\ndone\r\n0\r\n\r\n")]
    public async Task A_connection_goes_on_after_a_body_was_refused_in_its_middle(string length, string first, string rest, CancellationToken cancellationToken)
    {
        await using var server = await ApiServer.StartAsync(docker: routes =>
        {
            routes.Post("/refused", async request =>
            {
                await request.Body.ReadExactlyAsync(new byte[4], request.Aborted);
                using var stop = new CancellationTokenSource();
                var reading = request.Body.ReadAsync(new byte[4], stop.Token).AsTask();
                await stop.CancelAsync();
                Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
                throw EngineException.InvalidInput("not that");
            });
            routes.Get("/_after", request => request.ReplyTextAsync("gone on"));
        });
        using var socket = await server.ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /refused HTTP/1.1\r\nHost: d\r\n{length}\r\n\r\n{first}"), cancellationToken);
        var reply = await ReadUntilAsync(stream, "not that", cancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(rest), cancellationToken);
        await stream.WriteAsync(End, cancellationToken);

        Assert.That(reply, Does.StartWith("HTTP/1.1 400"));
        Assert.That(await ReadUntilAsync(stream, "gone on", cancellationToken), Does.Contain("HTTP/1.1 200"));
        Assert.That(server.Logs.Lines, Is.Empty);
    }

    [Test]
    public async Task A_body_is_read_to_its_end_in_pieces_of_any_size(CancellationToken cancellationToken)
    {
        var sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        var received = new MemoryStream();
        await using var server = await ApiServer.StartAsync(docker: routes => routes.Post("/take", async request =>
        {
            await request.Body.CopyToAsync(received, 77_777, request.Aborted);
            await request.ReplyAsync(200);
        }));
        using var client = server.Client();

        using var reply = await client.PostAsync("/take", new ByteArrayContent(sent), cancellationToken);

        Assert.That((int)reply.StatusCode, Is.EqualTo(200));
        Assert.That(received.ToArray().AsSpan().SequenceEqual(sent), Is.True);
    }

    private static async Task<string> ReadUntilAsync(NetworkStream stream, string end, CancellationToken cancellationToken)
    {
        var (text, part) = (new StringBuilder(), new byte[4096]);
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var length = await stream.ReadAsync(part, cancellationToken);
            if (length == 0) return text + " (and then the end)";
            text.Append(Encoding.ASCII.GetString(part, 0, length));
        }

        return text.ToString();
    }
}
