using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Wire.Common;

namespace Podsharp.Api.Tests.Http;

public sealed class DispatcherTests
{
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync(docker: MapDocker, libpod: MapLibpod);
        _client = _server.Client();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [TestCase("/things/a/stop", "a@1.51.0")]
    [TestCase("/v1.24/things/a/stop", "a@1.24.0")]
    [TestCase("/v1.51/things/a/stop", "a@1.51.0")]
    [TestCase("/v1.56/things/a/stop", "a@1.56.0")]
    [TestCase("/v1.41/things/a%2Fb%20c/stop", "a/b c@1.41.0")]
    [TestCase("/libpod/things/a/stop", "libpod a@5.4.2")]
    [TestCase("/v5.0.1/libpod/things/a/stop", "libpod a@5.0.1")]
    public async Task Finds_the_route_and_the_version_asked_for(string path, string expected)
    {
        using var reply = await _client.PostAsync(path, null);
        Assert.That(await reply.Content.ReadAsStringAsync(), Is.EqualTo(expected));
    }

    [TestCase("GET", "/images/json", "list")]
    [TestCase("GET", "/images/busybox/json", "inspect busybox")]
    [TestCase("GET", "/images/quay.io:5000/a/b:1/json", "inspect quay.io:5000/a/b:1")]
    [TestCase("GET", "/images/quay.io%3A5000%2Fa%2Fb/json", "inspect quay.io:5000/a/b")]
    [TestCase("DELETE", "/images/quay.io/a/json", "delete quay.io/a/json")]
    public async Task Takes_image_names_with_slashes_whole(string method, string path, string expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var reply = await _client.SendAsync(request);
        Assert.That(await reply.Content.ReadAsStringAsync(), Is.EqualTo(expected));
    }

    [TestCase("/v1.99/things/a/stop", "client version 1.99 is too new. Maximum supported API version is 1.56")]
    [TestCase("/v1.12/things/a/stop", "client version 1.12 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version")]
    public async Task Refuses_versions_that_it_does_not_speak(string path, string message)
    {
        using var reply = await _client.PostAsync(path, null);
        await AssertErrorAsync(reply, 400, message);
    }

    [TestCase("/nothing")]
    [TestCase("/")]
    [TestCase("/things//stop")]
    [TestCase("/v1.41")]
    [TestCase("/libpod/nothing")]
    public async Task Answers_an_unknown_path_as_JSON(string path)
    {
        using var reply = await _client.PostAsync(path, null);
        await AssertErrorAsync(reply, 404, "page not found");
    }

    [Test]
    public async Task Answers_a_wrong_method_as_JSON_and_names_the_right_ones()
    {
        using var reply = await _client.DeleteAsync("/things/a/stop");
        await AssertErrorAsync(reply, 405, "method not allowed");
        Assert.That(reply.Content.Headers.Allow, Is.EqualTo(["POST"]));
    }

    [Test]
    public async Task Answers_HEAD_where_there_is_GET_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/images/json");
        using var reply = await _client.SendAsync(request);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await reply.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(reply.Content.Headers.ContentLength, Is.EqualTo(4));
    }

    [Test]
    public async Task Says_on_every_reply_what_it_is()
    {
        using var reply = await _client.GetAsync("/nothing");
        Assert.That(reply.Headers.GetValues("Api-Version"), Is.EqualTo(["1.51"]));
        Assert.That(reply.Headers.GetValues("Libpod-Api-Version"), Is.EqualTo(["5.4.2"]));
        Assert.That(reply.Headers.GetValues("Ostype"), Is.EqualTo(["linux"]));
        Assert.That(reply.Headers.GetValues("Docker-Experimental"), Is.EqualTo(["false"]));
        Assert.That(reply.Headers.Server.ToString(), Does.StartWith("Podsharp/"));
    }

    [TestCase(ErrorKind.InvalidInput, 400)]
    [TestCase(ErrorKind.Unauthorized, 401)]
    [TestCase(ErrorKind.Forbidden, 403)]
    [TestCase(ErrorKind.NotFound, 404)]
    [TestCase(ErrorKind.Conflict, 409)]
    [TestCase(ErrorKind.NotSupported, 501)]
    [TestCase(ErrorKind.Exhausted, 500)]
    [TestCase(ErrorKind.Unavailable, 503)]
    [TestCase(ErrorKind.Internal, 500)]
    public async Task Turns_a_failure_into_its_status(ErrorKind kind, int status)
    {
        using var reply = await _client.PostAsync($"/fail/{kind}", null);
        await AssertErrorAsync(reply, status, "it failed", "the cause");
    }

    [Test]
    public async Task Answers_a_defect_with_500_and_logs_it()
    {
        using var reply = await _client.PostAsync("/fail/defect", null);
        await AssertErrorAsync(reply, 500, "internal error: a defect");
        Assert.That(_server.Logs.Lines, Has.Some.Contains("/fail/defect"));
    }

    [Test]
    public async Task Leaves_the_connection_good_for_the_next_request_after_an_error()
    {
        var reply = await _server.ExchangeAsync(
            "POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\n\r\n{x}" +
            "POST /echo HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"Id\":\"a\"}");
        Assert.That(reply, Does.StartWith("HTTP/1.1 400 Bad Request"));
        Assert.That(reply, Does.EndWith("{\"Id\":\"a\"}\n"));
    }

    [TestCase("", "invalid JSON: the request has no body")]
    [TestCase("null", "invalid JSON: the request has no body")]
    [TestCase("{", "invalid JSON: it cannot be parsed (byte 1 of line 1)")]
    [TestCase("{\"id\":7}", "invalid JSON: wrong type or value at id (byte 7 of line 1)")]
    [TestCase("{\"Id\":\"a\"} x", "invalid JSON: unexpected content after the value")]
    public async Task Refuses_a_bad_body_and_says_where_it_is_bad(string body, string message)
    {
        using var content = new StringContent(body);
        using var reply = await _client.PostAsync("/echo", content);
        await AssertErrorAsync(reply, 400, message);
    }

    [Test]
    public async Task Refuses_a_body_that_is_too_long()
    {
        using var content = new StringContent("{\"Id\":\"" + new string('x', ApiRequest.MaximumJsonBody) + "\"}");
        using var reply = await _client.PostAsync("/echo", content);
        await AssertErrorAsync(reply, 413, $"the request body is longer than {ApiRequest.MaximumJsonBody} bytes");
    }

    [Test]
    public async Task Refuses_an_endless_body_once_it_is_too_long()
    {
        using var socket = await _server.ConnectAsync();
        var piece = Encoding.ASCII.GetBytes("100000\r\n" + new string(' ', 0x100000) + "\r\n");
        await socket.SendAsync("POST /echo HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        try
        {
            while (true) await socket.SendAsync(piece);
        }
        catch (SocketException)
        {
            // It has stopped listening, as it should.
        }

        var head = new byte[64];
        var count = await socket.ReceiveAsync(head).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(Encoding.ASCII.GetString(head, 0, count), Does.StartWith("HTTP/1.1 413"));
    }

    [Test]
    public async Task Reads_keys_in_any_case_and_writes_markup_unescaped_with_a_newline()
    {
        using var content = new StringContent("{\"iD\":\"<a>&é\"}");
        using var reply = await _client.PostAsync("/echo", content);
        Assert.That(await reply.Content.ReadAsStringAsync(), Is.EqualTo("{\"Id\":\"<a>&é\"}\n"));
    }

    [Test]
    public async Task Sends_the_head_of_a_streamed_reply_before_its_first_line()
    {
        using var reply = await _client.GetAsync("/lines", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await reply.Content.ReadAsStreamAsync());
        Next.Release();
        Assert.That(await lines.ReadLineAsync(), Is.EqualTo("{\"Id\":\"1\"}"));
        Next.Release();
        Assert.That(await lines.ReadLineAsync(), Is.EqualTo("{\"Id\":\"2\"}"));
        Assert.That(await lines.ReadLineAsync(), Is.Null);
    }

    [Test]
    public async Task Tells_the_handler_when_the_client_goes()
    {
        using (var socket = await _server.ConnectAsync())
        {
            await socket.SendAsync("GET /hang HTTP/1.1\r\nHost: d\r\n\r\n"u8.ToArray());
            await HangStarted.WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.That(await HangEnded.WaitAsync(TimeSpan.FromSeconds(10)), Is.True);
    }

    private static readonly SemaphoreSlim Next = new(0);
    private static readonly SemaphoreSlim HangStarted = new(0);
    private static readonly SemaphoreSlim HangEnded = new(0);

    private static void MapDocker(RouteTable routes)
    {
        routes.Post("/things/{name}/stop", request => request.ReplyTextAsync($"{request.Path("name")}@{request.Version}"));
        routes.Delete<IServiceProvider>("/images/{name...}", (request, _) => request.ReplyTextAsync($"delete {request.Path("name")}"));
        routes.Get("/images/{name...}/json", request => request.ReplyTextAsync($"inspect {request.Path("name")}"));
        routes.Get("/images/json", request => request.ReplyTextAsync("list"));
        routes.Post("/fail/{kind}", FailAsync);
        routes.Post("/echo", EchoAsync);
        routes.Get("/lines", LinesAsync);
        routes.Get("/hang", HangAsync);
    }

    private static void MapLibpod(RouteTable routes) =>
        routes.Post("/things/{name}/stop", request => request.ReplyTextAsync($"libpod {request.Path("name")}@{request.Version}"));

    private static Task FailAsync(ApiRequest request) => Enum.TryParse<ErrorKind>(request.Path("kind"), out var kind)
        ? throw new EngineException(kind, "it failed", "the cause")
        : throw new InvalidOperationException("a defect");

    private static async Task EchoAsync(ApiRequest request)
    {
        var body = await request.ReadJsonAsync(CommonJson.Default.IdReply);
        await request.ReplyJsonAsync(body, CommonJson.Default.IdReply);
    }

    private static async Task LinesAsync(ApiRequest request)
    {
        var lines = await request.StartLinesAsync(CommonJson.Default.IdReply);
        foreach (var id in new[] { "1", "2" })
        {
            await Next.WaitAsync(request.Aborted);
            await lines.WriteAsync(new IdReply(id), request.Aborted);
        }
    }

    private static async Task HangAsync(ApiRequest request)
    {
        HangStarted.Release();
        try
        {
            await Task.Delay(Timeout.Infinite, request.Aborted);
        }
        finally
        {
            HangEnded.Release();
        }
    }

    private static async Task AssertErrorAsync(HttpResponseMessage reply, int status, string message, string? cause = null)
    {
        var text = await reply.Content.ReadAsStringAsync();
        Assert.That((int)reply.StatusCode, Is.EqualTo(status), text);
        Assert.That(reply.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        Assert.That(text, Does.EndWith("}\n"));
        using var document = System.Text.Json.JsonDocument.Parse(text);
        Assert.That(document.RootElement.GetProperty("message").GetString(), Is.EqualTo(message));
        Assert.That(document.RootElement.GetProperty("response").GetInt32(), Is.EqualTo(status));
        if (cause is not null) Assert.That(document.RootElement.GetProperty("cause").GetString(), Is.EqualTo(cause));
    }
}
