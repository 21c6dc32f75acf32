using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Podsharp.Api;
using Podsharp.Service.Sockets;

namespace Podsharp.Service.Life;

/// <summary>The HTTP server on our sockets: Kestrel without the web host around it, which would double the start-up time.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(60);
    private readonly KestrelServer _server;
    private readonly GatedListeners _listeners;

    private ApiHost(KestrelServer server, GatedListeners listeners, ConnectionCount connections) =>
        (_server, _listeners, Connections) = (server, listeners, connections);

    public ConnectionCount Connections { get; }

    public GatedListeners Listeners => _listeners;

    public static async Task<ApiHost> StartAsync(IEnumerable<ListeningEndPoint> endPoints, PodsharpApi api, ILoggerFactory loggers)
    {
        var count = new ConnectionCount();
        var listeners = new GatedListeners(count);
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = NoServices.Instance };
        options.Limits.KeepAliveTimeout = KeepAlive;
        // Archives are as long as they are; JSON bodies have a limit of their own. Followers may read as slowly as they like.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        foreach (var endPoint in endPoints) options.Listen(endPoint, listen => Configure(listen, count));

        var server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), listeners, loggers);
        await server.StartAsync(api, CancellationToken.None);
        return new ApiHost(server, listeners, count);
    }

    /// <summary>Lets requests under way end; what is left after the grace period is cut off.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        using var patience = new CancellationTokenSource(grace);
        await _server.StopAsync(patience.Token);
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Configure(ListenOptions listen, ConnectionCount count)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => async connection =>
        {
            try
            {
                await next(connection);
            }
            finally
            {
                count.Leave();
            }
        });
        PodsharpApi.UseHijack(listen);
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
