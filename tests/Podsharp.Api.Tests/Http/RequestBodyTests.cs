using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Podsharp.Api.Http;
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

    [Test]
    public void A_thread_may_read_a_body_itself_where_the_connection_lets_it()
    {
        var (pipe, input) = (new Pipe(), new DirectInput());
        pipe.Writer.WriteAsync("bytes"u8.ToArray()).AsTask().Wait();
        var body = new RequestBody(pipe.Reader, input);

        using (body.BeginBlocking(CancellationToken.None))
        {
            Assert.That(input.IsHeld, Is.True);
            Assert.That(Encoding.ASCII.GetString(new BinaryReader(body).ReadBytes(5)), Is.EqualTo("bytes"));
        }

        Assert.That(input.IsHeld, Is.False);
        Assert.That(new RequestBody(pipe.Reader).BeginBlocking(CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_thread_that_waits_for_a_body_is_woken_when_it_is_not_wanted_any_more(CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        var body = new RequestBody(new Pipe().Reader, new DirectInput());
        using var held = body.BeginBlocking(stop.Token);
        var reading = Task.Factory.StartNew(() => body.Read(new byte[1]), TaskCreationOptions.LongRunning);

        await stop.CancelAsync();

        Assert.That(async () => await reading.WaitAsync(cancellationToken), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    [TestCase("Content-Length: 4", "body", true)]
    [TestCase("Transfer-Encoding: chunked", "4\r\nbody\r\n0\r\n\r\n", false)]
    public async Task Only_a_body_that_is_nothing_but_its_bytes_is_read_by_a_thread_itself(string length, string sent, bool direct, CancellationToken cancellationToken)
    {
        var began = false;
        await using var server = await ApiServer.StartAsync(docker: routes => routes.Post("/take", request =>
        {
            request.Http.Features.Set<IDirectInput>(new DirectInput());
            began = ((RequestBody)request.Body).BeginBlocking(request.Aborted) is not null;
            return request.ReplyTextAsync("taken");
        }));
        using var socket = await server.ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /take HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{length}\r\n\r\n{sent}"), cancellationToken);

        await ReadUntilAsync(stream, "taken", cancellationToken);
        Assert.That(began, Is.EqualTo(direct));
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

    private sealed class DirectInput : IDirectInput, IDisposable
    {
        public bool IsHeld { get; private set; }

        public IDisposable Begin()
        {
            IsHeld = true;
            return this;
        }

        public void Dispose() => IsHeld = false;
    }
}
