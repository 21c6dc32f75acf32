using System.Net;

namespace Podsharp.System.Tests.Images;

/// <summary>Stands before a registry and asks for bearer tokens, which it hands out itself and which wear out after a few requests.</summary>
internal sealed class TokenGate : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _registry;
    private readonly int _uses;
    private readonly Lock _gate = new();
    private readonly Task _serving;
    private string _token = "";
    private int _left;
    private int _issued;

    private TokenGate(string registry, int port, int uses)
    {
        _registry = new HttpClient { BaseAddress = new Uri($"http://{registry}") };
        (Host, _uses) = ($"localhost:{port}", uses);
        _listener.Prefixes.Add($"http://localhost:{port}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Host { get; }

    /// <summary>Tokens handed out.</summary>
    public int Issued => _issued;

    public static TokenGate Start(string registry, int uses)
    {
        using var probe = new global::System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new TokenGate(registry, port, uses);
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
        try
        {
            using var response = context.Response;
            if (context.Request.Url!.AbsolutePath == "/token") await IssueAsync(response);
            else if (IsLetIn(context.Request)) await PassAsync(context.Request, response);
            else Challenge(response);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }

    private async Task IssueAsync(HttpListenerResponse response)
    {
        string token;
        lock (_gate) (token, _token, _left) = ($"t{++_issued}", $"t{_issued}", _uses);
        response.ContentType = "application/json";
        await response.OutputStream.WriteAsync(global::System.Text.Encoding.UTF8.GetBytes($$"""{"token":"{{token}}","expires_in":300}"""));
    }

    private bool IsLetIn(HttpListenerRequest request)
    {
        lock (_gate) return request.Headers["Authorization"] == $"Bearer {_token}" && _left-- > 0;
    }

    private void Challenge(HttpListenerResponse response)
    {
        response.StatusCode = 401;
        response.Headers["WWW-Authenticate"] = $"Bearer realm=\"http://{Host}/token\",service=\"gate\"";
    }

    private async Task PassAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        using var asked = new HttpRequestMessage(new HttpMethod(request.HttpMethod), request.Url!.PathAndQuery);
        foreach (var accepted in request.Headers.GetValues("Accept") ?? []) asked.Headers.TryAddWithoutValidation("Accept", accepted);
        using var answer = await _registry.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
        response.StatusCode = (int)answer.StatusCode;
        response.ContentType = answer.Content.Headers.ContentType?.ToString();
        foreach (var name in new[] { "Docker-Content-Digest", "Docker-Distribution-Api-Version" })
        {
            if (answer.Headers.TryGetValues(name, out var values)) response.Headers[name] = values.First();
        }

        if (answer.Content.Headers.ContentLength is { } length) response.ContentLength64 = length;
        if (request.HttpMethod != "HEAD") await answer.Content.CopyToAsync(response.OutputStream);
    }
}
