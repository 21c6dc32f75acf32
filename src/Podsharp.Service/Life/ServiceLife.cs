using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Podsharp.Api;
using Podsharp.Linux.Self;
using Podsharp.Service.Options;
using Podsharp.Service.Sockets;
using Podsharp.Service.Wiring;

namespace Podsharp.Service.Life;

/// <summary>
/// From the lock to the last reply. The listener and the engine are opened side by side, which is fastest; what is asked meanwhile
/// waits, and learns it when the engine cannot be opened.
/// </summary>
internal sealed partial class ServiceLife(CommandLine line, Places places, ILoggerFactory loggers)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GraceOfRefusals = TimeSpan.FromSeconds(1);
    private readonly ILogger _log = loggers.CreateLogger<ServiceLife>();

    /// <summary>The process's exit code.</summary>
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));

        var manager = new ServiceManager();
        var inherited = InheritedSockets.Take();
        using var held = await StoreGuard.TakeAsync(places, line.Woken, stop.Token);
        var own = inherited.Count > 0 ? null : OwnSocket.Listen(places.Socket);
        try
        {
            var opening = Task.Run(OpenAsync);
            var api = new PodsharpApi(ServicesOf(opening), loggers, stop.Token);
            await using var host = await ApiHost.StartAsync(own is null ? inherited : [own.EndPoint], api, loggers);
            await using var engine = await OpenedAsync(opening, host);
            using var firewall = new FirewallWatch(engine.Services, places.Rootless, loggers);
            manager.Ready();

            await WaitForEndAsync(host, engine, own, stop.Token);

            manager.Stopping();
            own?.Hide();
            await host.Listeners.ShutAsync();
            await host.StopAsync(Grace);
            await engine.FinishDutiesAsync(Grace);
            return 0;
        }
        finally
        {
            own?.Remove();
        }
    }

    private async Task<RunningEngine> OpenAsync()
    {
        var engine = await RunningEngine.OpenAsync(line, places, loggers);
        // A third of the memory that the service would be seen to have is code that has run for the last time.
        ProgramText.Release();
        return engine;
    }

    private static async Task<RunningEngine> OpenedAsync(Task<RunningEngine> opening, ApiHost host)
    {
        try
        {
            return await opening;
        }
        catch
        {
            await host.Listeners.ShutAsync();
            await host.StopAsync(GraceOfRefusals);
            throw;
        }
    }

    private static async Task<IServiceProvider> ServicesOf(Task<RunningEngine> opening) => (await opening).Services;

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        // A second signal means it.
        if (stop.IsCancellationRequested) return;
        context.Cancel = true;
        stop.Cancel();
    }

    private async Task WaitForEndAsync(ApiHost host, RunningEngine engine, OwnSocket? own, CancellationToken cancellationToken)
    {
        try
        {
            var idle = new IdleWatch(host, engine.Duties, own, engine.Options.IdleTimeout, TimeProvider.System);
            await idle.RunAsync(cancellationToken);
            Log.Idle(_log);
        }
        catch (OperationCanceledException)
        {
            Log.Stopping(_log, host.Connections.Open);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Nothing to do any more: the service exits")]
        public static partial void Idle(ILogger logger);

        [LoggerMessage(LogLevel.Information, "Told to stop; {Connections} connections are open")]
        public static partial void Stopping(ILogger logger, int connections);
    }
}
