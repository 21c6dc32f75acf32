using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Hijack;

/// <summary>The opening handshake of RFC 6455, the server's side.</summary>
internal static class WebSocketHandshake
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>The head of the reply; InvalidInput for a request that asks for no websocket.</summary>
    public static byte[] Accept(HttpRequest request)
    {
        var headers = request.Headers;
        if (!headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
            || !headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase))
            throw EngineException.InvalidInput("not websocket protocol");
        if (headers.SecWebSocketVersion != "13") throw EngineException.InvalidInput("missing or bad WebSocket Version");
        var key = headers.SecWebSocketKey.ToString();
        if (!IsKey(key)) throw EngineException.InvalidInput("mismatch challenge/response");

        // A browser gives up where it offered a protocol and none is chosen.
        var protocol = headers.SecWebSocketProtocol.ToString() is { Length: > 0 } offered && !offered.Contains(',', StringComparison.Ordinal)
            ? $"Sec-WebSocket-Protocol: {offered.Trim()}\r\n"
            : "";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Answer(key)}\r\n{protocol}\r\n");
    }

    private static bool IsKey(string key)
    {
        Span<byte> nonce = stackalloc byte[18];
        return key.Length == 24 && Convert.TryFromBase64String(key, nonce, out var length) && length == 16;
    }

    // The document names the hash; it proves only that this end speaks the protocol.
#pragma warning disable CA5350
    private static string Answer(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
}
