using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Podsharp.Api.Hijack;
using Podsharp.Api.Queries;
using Podsharp.Wire.Docker.Streams;

namespace Podsharp.Api.Http;

/// <summary>One request as a handler sees it: read the path, the query and the body, then write one reply.</summary>
internal sealed class ApiRequest(HttpContext http, Route route, string[] path, ApiVersion version, bool strictBooleans, CancellationToken stopping)
{
    private CancellationToken? _following;

    /// <summary>Bodies that are JSON and not archives: Docker's own are a few KB.</summary>
    public const int MaximumJsonBody = 8 << 20;

    public HttpContext Http => http;

    /// <summary>Shape the reply by this (reference/wire-types.md A2); decide nothing else by it.</summary>
    public ApiVersion Version => version;

    public QueryReader Query => field ??= new QueryReader(http.Request.Query, strictBooleans, TimeProvider.System);

    /// <summary>Fires when the client has gone; long work ends with it unless the verb says otherwise.</summary>
    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The service is about to end.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>Fires when the client has gone or the service is about to end: for what only looks on and would else hold the service up.</summary>
    public CancellationToken Following => _following ??= Linked();

    /// <summary>The raw body, for archives.</summary>
    public Stream Body => field ??= new RequestBody(http.Request.BodyReader, DirectInput);

    /// <summary>A parameter of the route's pattern, percent-decoded.</summary>
    public string Path(string name) => route.Capture(path, name);

    /// <summary>A header's value, or "".</summary>
    public string Header(string name) => http.Request.Headers[name].ToString();

    /// <summary>Reads the whole body as JSON. Nothing there, bad JSON, or JSON of the wrong types: InvalidInput.</summary>
    public Task<T> ReadJsonAsync<T>(JsonTypeInfo<T> type)
        where T : class => JsonBody.ReadAsync(http.Request, type);

    /// <summary>As <see cref="ReadJsonAsync"/>, but null where the body is empty.</summary>
    public Task<T?> ReadOptionalJsonAsync<T>(JsonTypeInfo<T> type)
        where T : class => JsonBody.ReadOptionalAsync(http.Request, type);

    public Task ReplyJsonAsync<T>(T value, JsonTypeInfo<T> type, int status = 200) => JsonBody.WriteAsync(http.Response, status, value, type);

    /// <param name="json">The whole body, with its last newline.</param>
    public Task ReplyJsonAsync(ReadOnlyMemory<byte> json, int status = 200) => JsonBody.WriteAsync(http.Response, status, json);

    /// <summary>A reply without a body: 200, 201, 204, 304.</summary>
    public Task ReplyAsync(int status)
    {
        http.Response.StatusCode = status;
        if (status is not (204 or 304)) http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public async Task ReplyTextAsync(string text, int status = 200)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, Aborted);
    }

    /// <summary>Sends the head of the reply now and answers the writer of its chunked body (wait, logs, archives).</summary>
    public async Task<PipeWriter> StartReplyAsync(string contentType, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        await http.Response.StartAsync(Aborted);
        await http.Response.BodyWriter.FlushAsync(Aborted);
        return http.Response.BodyWriter;
    }

    /// <summary>Sends the head now and then what is written; a failure after that breaks the connection, so that no client takes a part for the whole.</summary>
    public async Task ReplyArchiveAsync(Func<Stream, CancellationToken, Task> write, string contentType)
    {
        http.Response.ContentType = contentType;
        await http.Response.StartAsync(Aborted);
        await write(http.Response.Body, Aborted);
    }

    /// <summary>Sends the head of the reply now; each value written after that is one line of JSON, flushed at once (events, progress).</summary>
    public async Task<JsonLines<T>> StartLinesAsync<T>(JsonTypeInfo<T> type, string contentType = "application/json") =>
        new(await StartReplyAsync(contentType), type);

    /// <summary>As <see cref="StartLinesAsync"/>, for progress as this version has it.</summary>
    public async Task<JsonLines<ProgressMessage>> StartProgressAsync() =>
        new(await StartReplyAsync("application/json"), StreamsJson.Default.ProgressMessage, Version.AtLeast(1, 52) ? static message => message.WithoutTexts() : null);

    /// <summary>
    /// Takes the connection over (reference/protocols.md §1): the body's rest is read, the head 101 or 200 is sent by what the client asked for, and
    /// from then on the bytes are the caller's. The route must be mapped by PostHijacked. Errors before this are plain replies; dispose to end.
    /// </summary>
    /// <param name="contentType">For the 101 form; the 200 form always says raw-stream.</param>
    public Task<HijackedConnection> HijackAsync(string contentType) => HijackedConnection.TakeAsync(http, contentType);

    /// <summary>Takes the connection over as a websocket. The route must be mapped by GetHijacked; InvalidInput where the client asks for none.</summary>
    /// <param name="binary">Sends binary frames, not text.</param>
    public Task<WebSocketConnection> AcceptWebSocketAsync(bool binary)
    {
        var head = WebSocketHandshake.Accept(http.Request);
        return WebSocketConnection.TakeAsync(() => HijackedConnection.TakeAsync(http, head), binary);
    }

    private CancellationToken Linked()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(Aborted, stopping);
        http.Response.RegisterForDispose(source);
        return source.Token;
    }

    // The HTTP layer itself reads ahead where it has to find the pieces of a chunked body.
    private IDirectInput? DirectInput =>
        http.Request.ContentLength > 0 && http.Request.Headers.TransferEncoding.Count == 0 ? http.Features.Get<IDirectInput>() : null;
}
