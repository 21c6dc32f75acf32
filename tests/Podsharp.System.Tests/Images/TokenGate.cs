using System.Net;

namespace Podsharp.System.Tests.Images;

/// <summary>Stands before a registry and asks for bearer tokens, which it hands out itself and which wear out after a few requests.</summary>
internal sealed class TokenGate : IAsyncDisposable
{
    private readonly RegistryFront _front;
    private readonly int _uses;
    private readonly Lock _gate = new();
    private string _token = "";
    private int _left;
    private int _issued;

    private TokenGate(string registry, int uses) => (_front, _uses) = (RegistryFront.Start(registry, AnswerAsync), uses);

    public string Host => _front.Host;

    /// <summary>Tokens handed out.</summary>
    public int Issued => _issued;

    public static TokenGate Start(string registry, int uses) => new(registry, uses);

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    private async Task<bool> AnswerAsync(HttpListenerContext context)
    {
        if (context.Request.Url!.AbsolutePath == "/token") await IssueAsync(context.Response);
        else if (IsLetIn(context.Request)) return false;
        else Challenge(context.Response);
        return true;
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
}
