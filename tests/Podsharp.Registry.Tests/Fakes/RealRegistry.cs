using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Tests.Fakes;

/// <summary>docker-registry of the distribution's package, on loopback, with its data in a directory of the test's.</summary>
internal sealed class RealRegistry : IAsyncDisposable
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Join(directory, "docker-registry")).FirstOrDefault(File.Exists);

    private readonly Process _process;

    private RealRegistry(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Host => $"localhost:{Port}";

    /// <summary>Starts it, or skips the test where it is not installed.</summary>
    /// <param name="more">Further sections of its configuration.</param>
    public static async Task<RealRegistry> StartAsync(Scratch scratch, string http = "", string more = "")
    {
        if (Program is null) Assert.Ignore("docker-registry is not installed");
        var port = FreePort();
        scratch.Write("registry.yml", $"""
            version: 0.1
            log:
              level: error
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {scratch.Path("data")}
            http:
              addr: 127.0.0.1:{port}
            {http}
            {more}
            """);
        var start = new ProcessStartInfo(Program!, ["serve", scratch.Path("registry.yml")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        // It would trace to a server of its own otherwise.
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        for (var i = 0; i < 200; i++)
        {
            if (process.HasExited) Assert.Fail($"docker-registry ended: {await error}");
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return new RealRegistry(process, port);
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new TimeoutException("docker-registry does not listen");
    }

    public RegistryEndpoint Endpoint(string repository, bool insecure = false) => new(Host, repository) { Insecure = insecure };

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
