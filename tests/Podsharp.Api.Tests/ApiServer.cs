using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Podsharp.Api.Http;

namespace Podsharp.Api.Tests;

/// <summary>The API on a real Kestrel behind a unix socket, with routes of the test's own or the real ones.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly ServiceProvider _services;
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-api-").FullName;

    private ApiServer(Action<IServiceCollection>? configure, Action<RouteTable>? docker, Action<RouteTable>? libpod, Task<IServiceProvider>? engine)
    {
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(Logs));
        configure?.Invoke(collection);
        _services = collection.BuildServiceProvider();

        var options = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.ListenUnixSocket(SocketPath, PodsharpApi.UseHijack);
        var logging = _services.GetRequiredService<ILoggerFactory>();
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logging);
        _server = new KestrelServer(Options.Create(options), transport, logging);
        var ready = engine ?? Task.FromResult<IServiceProvider>(_services);
        Application = docker is null && libpod is null
            ? new DeclaredQueries(new PodsharpApi(ready, logging, Stopping.Token))
            : new PodsharpApi(ready, logging, Table(docker), Table(libpod), Stopping.Token);
    }

    public string SocketPath => Path.Join(_directory, "api.sock");

    /// <summary>What was logged at Warning and above.</summary>
    public LogLines Logs { get; } = new();

    /// <summary>Cancelled when the service is about to end.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    private IHttpApplication<HttpContext> Application { get; }

    public static async Task<ApiServer> StartAsync(
        Action<IServiceCollection>? configure = null, Action<RouteTable>? docker = null, Action<RouteTable>? libpod = null, Task<IServiceProvider>? engine = null)
    {
        var server = new ApiServer(configure, docker, libpod, engine);
        await server._server.StartAsync(server.Application, CancellationToken.None);
        return server;
    }

    public HttpClient Client() => new(
        new SocketsHttpHandler { ConnectCallback = async (_, _) => new NetworkStream(await ConnectAsync(), ownsSocket: true) })
    {
        BaseAddress = new Uri("http://d/"),
        Timeout = TimeSpan.FromSeconds(20),
    };

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    /// <summary>Sends a raw request that says "Connection: close" and answers all that comes back.</summary>
    public async Task<string> ExchangeAsync(string request)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        using var all = new MemoryStream();
        await using var stream = new NetworkStream(socket);
        await stream.CopyToAsync(all).WaitAsync(TimeSpan.FromSeconds(20));
        return Encoding.UTF8.GetString(all.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _server.StopAsync(deadline.Token);
        _server.Dispose();
        await _services.DisposeAsync();
        Stopping.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static RouteTable Table(Action<RouteTable>? map)
    {
        var table = new RouteTable();
        map?.Invoke(table);
        return table;
    }
}

internal sealed class LogLines : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
