using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Podsharp.Benchmarks;

/// <summary>The Docker API over the bare socket on kept-alive connections, so that no client's cost is in the figures.</summary>
internal sealed partial class EngineApi(string socket, bool isPodman) : IDisposable
{
    // The newest version that every contender speaks.
    private const string Version = "v1.41/";

    private readonly HttpClient _http = EngineUnderTest.ConnectTo(socket);

    public Task<string> CreateAsync(string network, params string[] command) => CreateAsync(new JsonObject { ["NetworkMode"] = network }, command);

    /// <summary>A container on the default bridge whose port 80 is published at a port of the host that the engine chooses.</summary>
    public Task<string> CreatePublishedAsync(params string[] command) => CreateAsync(
        new JsonObject { ["NetworkMode"] = "bridge", ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostPort"] = "" }) } }, command);
    public async Task StartAsync(string container) => (await SendAsync(HttpMethod.Post, $"containers/{container}/start")).Dispose();

    public async Task WaitAsync(string container)
    {
        using var response = await SendAsync(HttpMethod.Post, $"containers/{container}/wait");
        await response.Content.ReadAsByteArrayAsync();
    }

    public async Task RemoveAsync(string container, bool force = false) =>
        (await SendAsync(HttpMethod.Delete, $"containers/{container}?force={(force ? 1 : 0)}&v=1")).Dispose();

    /// <summary>create, start, wait, remove of `true`.</summary>
    public async Task LifecycleAsync(string network)
    {
        var container = await CreateAsync(network, "true");
        await StartAsync(container);
        await WaitAsync(container);
        await RemoveAsync(container);
    }

    public async Task<byte[]> ListContainersAsync()
    {
        using var response = await SendAsync(HttpMethod.Get, "containers/json?all=1");
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <returns>Bytes of the whole log.</returns>
    public Task<long> ReadLogAsync(string container) => ReadToEndAsync($"containers/{container}/logs?stdout=1&stderr=1");

    public async Task LoadAsync(string archive)
    {
        await using var file = File.OpenRead(archive);
        await LoadAsync(file);
    }

    public async Task RemoveImageAsync(string name) => (await SendAsync(HttpMethod.Delete, $"images/{name}?force=1")).Dispose();

    /// <summary>Creates an exec session of `true`, starts it attached and reads to its end.</summary>
    public async Task ExecuteAsync(string container)
    {
        var body = new JsonObject { ["AttachStdout"] = true, ["AttachStderr"] = true, ["Cmd"] = new JsonArray("true") };
        using var response = await SendAsync(HttpMethod.Post, $"containers/{container}/exec", body);
        var id = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["Id"]!;
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket));
        const string Start = "{\"Detach\":false,\"Tty\":false}";
        await connection.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /{Version}exec/{id}/start HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {Start.Length}\r\n\r\n{Start}"));
        var buffer = new byte[4096];
        var first = await connection.ReceiveAsync(buffer);
        if (!Encoding.ASCII.GetString(buffer, 0, first).StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, first));
        while (await connection.ReceiveAsync(buffer) > 0)
        {
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> CreateAsync(JsonObject host, string[] command)
    {
        var body = new JsonObject
        {
            ["Image"] = BusyboxImage.Name,
            ["Cmd"] = new JsonArray([.. command.Select(word => (JsonNode)word)]),
            ["ExposedPorts"] = new JsonObject { ["80/tcp"] = new JsonObject() },
            ["HostConfig"] = host,
        };
        using var response = await SendAsync(HttpMethod.Post, "containers/create", body);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["Id"]!;
    }

    private async Task LoadAsync(Stream archive)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Version + "images/load?quiet=1") { Content = new StreamContent(archive, 1 << 17) };
        request.Content.Headers.ContentType = new("application/x-tar");
        using var response = await _http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || answer.Contains("\"error\"")) throw new InvalidOperationException(answer);
    }

    private async Task<long> ReadToEndAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Version + path);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 17];
        var total = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var count) total += count;
        return total;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, Version + path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        var response = await _http.SendAsync(request);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
