using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Host;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Images;

/// <summary>The real image routes and verbs over a socket, standing on fake stores.</summary>
internal sealed class ImageServer : IAsyncDisposable
{
    private readonly ApiServer _server;
    private readonly HttpClient _client;

    private ImageServer(ApiServer server, FakeImageStore store, FakeImageArchives archives, FakeContainerStore containers)
    {
        (_server, Store, Archives, Containers) = (server, store, archives, containers);
        _client = server.Client();
    }

    public FakeImageStore Store { get; }

    public FakeImageArchives Archives { get; }

    public FakeContainerStore Containers { get; }

    public static async Task<ImageServer> StartAsync()
    {
        var clock = new FakeClock(Samples.Time);
        var store = new FakeImageStore(clock);
        var archives = new FakeImageArchives(store);
        var containers = new FakeContainerStore();
        var server = await ApiServer.StartAsync(services => services
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IImageStore>(store)
            .AddSingleton<IImageArchives>(archives)
            .AddSingleton<IContainerStore>(containers)
            .AddSingleton<IEventLog>(new FakeEventLog(clock))
            .AddSingleton<IHost>(new FakeHost())
            .AddSingleton(new StorePaths("/root", "/run"))
            .AddSingleton<EventPublisher>()
            .AddSingleton<ImageLookup>()
            .AddSingleton<ImageLocks>()
            .AddSingleton<ImageUse>()
            .AddSingleton<ImageRemover>()
            .AddSingleton<ListImages>()
            .AddSingleton<InspectImage>()
            .AddSingleton<ReadImageHistory>()
            .AddSingleton<TagImage>()
            .AddSingleton<LoadImages>()
            .AddSingleton<ImportImage>()
            .AddSingleton<RemoveImage>()
            .AddSingleton<PruneImages>());
        return new ImageServer(server, store, archives, containers);
    }

    public async Task<JsonElement> GetAsync(string path) => await _client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Status and body, the final newline cut.</summary>
    public async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd('\n'));
    }

    /// <summary>Status and message of a failure.</summary>
    public async Task<(int Status, string? Message)> FailAsync(string method, string path)
    {
        var (status, body) = await SendAsync(method, path);
        return (status, JsonDocument.Parse(body).RootElement.GetProperty("message").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
