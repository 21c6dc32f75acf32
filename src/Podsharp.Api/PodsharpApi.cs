using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Podsharp.Api.Hijack;
using Podsharp.Api.Http;

namespace Podsharp.Api;

/// <summary>Both dialects as an application for a bare Kestrel server; listeners need <see cref="UseHijack"/>.</summary>
public sealed class PodsharpApi : IHttpApplication<HttpContext>
{
    private readonly Dispatcher _dispatcher;

    /// <param name="services">Holds the engine's verbs as singletons; every request waits for it, and is told when it fails.</param>
    /// <param name="stopping">The service is about to end: what only follows (events, logs, waits, attached clients) ends now.</param>
    public PodsharpApi(Task<IServiceProvider> services, ILoggerFactory loggers, CancellationToken stopping)
        : this(services, loggers, DockerTable(), LibpodTable(), stopping)
    {
    }

    internal PodsharpApi(Task<IServiceProvider> services, ILoggerFactory loggers, RouteTable docker, RouteTable libpod, CancellationToken stopping) =>
        _dispatcher = new Dispatcher(docker, libpod, services, loggers.CreateLogger<Dispatcher>(), stopping);

    /// <summary>Lets requests of this listener take their connection over.</summary>
    public static void UseHijack(ListenOptions listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        IConnectionBuilder connections = listener;
        connections.Use(next => async connection =>
        {
            await using var hijackable = new HijackableConnection(connection);
            await next(hijackable);
        });
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => _dispatcher.RunAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    internal static RouteTable DockerTable()
    {
        var routes = new RouteTable();
        Docker.Containers.ContainerRoutes.Map(routes);
        Docker.Execs.ExecRoutes.Map(routes);
        Docker.Networks.NetworkRoutes.Map(routes);
        Docker.System.SystemRoutes.Map(routes);
        Docker.Volumes.VolumeRoutes.Map(routes);
        Docker.Images.ImageRoutes.Map(routes);
        Docker.Registries.RegistryRoutes.Map(routes);
        Docker.Builds.BuildRoutes.Map(routes);
        Docker.Absent.AbsentRoutes.Map(routes);
        return routes;
    }

    internal static RouteTable LibpodTable()
    {
        var routes = new RouteTable();
        Libpod.System.SystemRoutes.Map(routes);
        return routes;
    }
}
