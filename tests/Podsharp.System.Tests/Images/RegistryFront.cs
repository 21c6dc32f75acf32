using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Podsharp.System.Tests.Images;

/// <summary>A web server on the machine's loopback that stands before a registry: it passes on whatever the test does not answer itself.</summary>
internal sealed class RegistryFront : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _registry;
    private readonly Func<HttpListenerContext, Task<bool>> _answer;
    private readonly Task _serving;

    private RegistryFront(string registry, int port, Func<HttpListenerContext, Task<bool>> answer)
    {
        _registry = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://{registry}") };
        (Port, _answer) = (port, answer);
        _listener.Prefixes.Add($"http://*:{port}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public int Port { get; }

    public string Host => $"localhost:{Port}";

    /// <summary>What it was asked: "GET /v2/…", with the credentials that came along.</summary>
    public ConcurrentQueue<(string Call, string Authorization)> Calls { get; } = [];

    /// <param name="answer">Answers a request and says that it did; the response is closed after it.</param>
    public static RegistryFront Start(string registry, Func<HttpListenerContext, Task<bool>> answer) => StartAt(FreePort(), registry, answer);

    public static RegistryFront StartAt(int port, string registry, Func<HttpListenerContext, Task<bool>> answer) => new(registry, port, answer);

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _registry.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        Calls.Enqueue(($"{context.Request.HttpMethod} {context.Request.Url!.PathAndQuery}", context.Request.Headers["Authorization"] ?? ""));
        try
        {
            using var response = context.Response;
            if (!await _answer(context)) await PassAsync(context.Request, response);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or HttpRequestException or InvalidOperationException)
        {
            // The client is gone, or was sent less than it was told.
        }
    }

    private async Task PassAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        using var asked = new HttpRequestMessage(new HttpMethod(request.HttpMethod), request.Url!.PathAndQuery);
        // The registry builds the addresses of uploads from it.
        asked.Headers.Host = request.UserHostName;
        if (request.HasEntityBody) asked.Content = await BodyOfAsync(request);
        foreach (var name in new[] { "Accept", "Range" }) asked.Headers.TryAddWithoutValidation(name, request.Headers.GetValues(name) ?? []);
        using var answer = await _registry.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
        response.StatusCode = (int)answer.StatusCode;
        response.ContentType = answer.Content.Headers.ContentType?.ToString();
        foreach (var name in new[] { "Docker-Content-Digest", "Docker-Distribution-Api-Version", "Location" })
        {
            if (answer.Headers.TryGetValues(name, out var values)) response.Headers[name] = values.First();
        }

        if (answer.Content.Headers.ContentRange is { } range) response.Headers["Content-Range"] = range.ToString();
        if (answer.Content.Headers.ContentLength is { } length) response.ContentLength64 = length;
        if (request.HttpMethod != "HEAD") await answer.Content.CopyToAsync(response.OutputStream);
    }

    // Not passed on as a stream: the listener breaks a connection off whose request's body somebody else has closed.
    private static async Task<ByteArrayContent> BodyOfAsync(HttpListenerRequest request)
    {
        using var content = new MemoryStream();
        await request.InputStream.CopyToAsync(content);
        var body = new ByteArrayContent(content.ToArray());
        if (request.ContentType is { } type) body.Headers.TryAddWithoutValidation("Content-Type", type);
        return body;
    }
}
