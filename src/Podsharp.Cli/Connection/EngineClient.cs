using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Podsharp.Wire.Common;

namespace Podsharp.Cli.Connection;

/// <summary>Requests to the engine over its socket. Paths are those of the Docker Engine API, without the version.</summary>
internal sealed class EngineClient : IDisposable
{
    // Spoken by every engine there is; nothing newer is needed here.
    private const string Version = "/v1.41";

    private readonly EngineAddress _address;
    private readonly HttpClient _http;

    public EngineClient(EngineAddress address)
    {
        _address = address;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectAsync(cancellationToken), ownsSocket: true),
            UseProxy = false,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://podsharp"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await ReadAsync(reply, type, cancellationToken);
    }

    public async Task<TReply> PostAsync<TBody, TReply>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TReply> replyType, CancellationToken cancellationToken)
    {
        using var content = Json(body, bodyType);
        using var reply = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        return await ReadAsync(reply, replyType, cancellationToken);
    }

    /// <summary>For requests whose answer's body says nothing.</summary>
    public async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(method, path, null, cancellationToken);
        return reply.StatusCode;
    }

    /// <summary>Answers as soon as the headers are there.</summary>
    /// <exception cref="EngineRefusal">The status is 400 or above.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Version + path) { Content = content };
        HttpResponseMessage reply;
        try
        {
            reply = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.InnerException is CliFailure failure)
        {
            throw failure;
        }
        catch (HttpRequestException exception)
        {
            throw new CliFailure($"the engine at {_address.SocketPath} did not answer: {exception.InnerException?.Message ?? exception.Message}", ExitCodes.EngineFailed);
        }

        if ((int)reply.StatusCode < 400) return reply;
        using (reply) throw Refusal(reply.StatusCode, await reply.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>A connection that leaves HTTP behind after the request: attach and exec.</summary>
    public async Task<UpgradedConnection> UpgradeAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        var socket = await ConnectAsync(cancellationToken);
        try
        {
            return await UpgradedConnection.OpenAsync(socket, Version + path, body, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage reply, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await using var body = await reply.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(body, type, cancellationToken)
            ?? throw new CliFailure("the engine answered with nothing", ExitCodes.EngineFailed);
    }

    public static EngineRefusal Refusal(HttpStatusCode status, byte[] body)
    {
        string? message = null;
        try
        {
            message = JsonSerializer.Deserialize(body, CommonJson.Default.ErrorReply)?.Message;
        }
        catch (JsonException)
        {
            // Not every proxy and engine speaks JSON: its text is the message.
            message = System.Text.Encoding.UTF8.GetString(body).Trim();
        }

        return new EngineRefusal(status, string.IsNullOrEmpty(message) ? $"the engine answered with status {(int)status}" : message);
    }

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Json<T>(T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(_address.SocketPath, cancellationToken);
        }
        catch (SocketException) when (_address.IsDefault && ServiceStarter.Find() is { } service)
        {
            return await new ServiceStarter(service, _address.SocketPath).StartAndConnectAsync(cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new CliFailure($"cannot connect to the engine at {_address.SocketPath}: {exception.Message}", ExitCodes.EngineFailed);
        }
    }

    internal static async Task<Socket> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
