using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Host;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Pull;
using Podsharp.Engine.Images.Push;
using Podsharp.Engine.Images.Registries;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Images;

/// <summary>The real image routes and verbs over a socket, standing on fake stores.</summary>
internal sealed class ImageServer : IAsyncDisposable
{
    private readonly ApiServer _server;
    private readonly HttpClient _client;

    private ImageServer(ApiServer server, FakeImageStore store, FakeImageArchives archives, FakeContainerStore containers, FakeRegistry registry)
    {
        (_server, Store, Archives, Containers, Registry) = (server, store, archives, containers, registry);
        _client = server.Client();
    }

    public FakeImageStore Store { get; }

    public FakeImageArchives Archives { get; }

    public FakeContainerStore Containers { get; }

    public FakeRegistry Registry { get; }

    public FakeImageExports Exports { get; private init; } = new();

    public static async Task<ImageServer> StartAsync()
    {
        var clock = new FakeClock(Samples.Time);
        var store = new FakeImageStore(clock);
        var archives = new FakeImageArchives(store);
        var containers = new FakeContainerStore();
        var registry = new FakeRegistry();
        var exports = new FakeImageExports();
        var server = await ApiServer.StartAsync(services => services
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IImageStore>(store)
            .AddSingleton<IImageArchives>(archives)
            .AddSingleton<IContainerStore>(containers)
            .AddSingleton<IImageExports>(exports)
            .AddSingleton<IEventLog>(new FakeEventLog(clock))
            .AddSingleton<IHost>(new FakeHost())
            .AddSingleton(new StorePaths("/root", "/run"))
            .AddSingleton<EventPublisher>()
            .AddSingleton<ImageLookup>()
            .AddSingleton<ImageLocks>()
            .AddSingleton<ImageUse>()
            .AddSingleton<ImageRemover>()
            .AddSingleton<DescribeManifest>()
            .AddSingleton<ListImages>()
            .AddSingleton<InspectImage>()
            .AddSingleton<ReadImageHistory>()
            .AddSingleton<TagImage>()
            .AddSingleton<LoadImages>()
            .AddSingleton<SaveImages>()
            .AddSingleton<ImportImage>()
            .AddSingleton<RemoveImage>()
            .AddSingleton<PruneImages>()
            .AddSingleton<IRegistryDirectory>(registry)
            .AddSingleton<IRegistryClient>(registry)
            .AddSingleton<ICredentialSource>(registry)
            .AddSingleton<IImagePolicy>(registry)
            .AddSingleton<IImageIngest>(new FakeImageIngest(store))
            .AddSingleton<ILayerBlobs>(new FakeLayerBlobs(store))
            .AddSingleton<LayerTransfers>()
            .AddSingleton<PullLayers>()
            .AddSingleton<PullImage>()
            .AddSingleton<BlobSources>()
            .AddSingleton<PushLayers>()
            .AddSingleton<PushImage>()
            .AddSingleton<LogIn>()
            .AddSingleton<SearchImages>()
            .AddSingleton<InspectRemoteImage>());
        return new ImageServer(server, store, archives, containers, registry) { Exports = exports };
    }

    public async Task<JsonElement> GetAsync(string path) => await _client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Status and body, the final newline cut.</summary>
    public async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
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
