using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;
using Podsharp.Linux;
using Podsharp.Linux.SystemdBus;

namespace Podsharp.Service.Life;

/// <summary>
/// Has the containers' firewall rules made anew when firewalld, which drops them, was started or reloaded, and on SIGHUP for whoever
/// flushed them otherwise, and when the driver comes upon their loss. Several wishes at once are one.
/// </summary>
internal sealed partial class FirewallWatch : IDisposable
{
    private const string Firewalld = "org.fedoraproject.FirewallD1";
    private const string InstalledAt = "/usr/lib/firewalld";

    private static readonly string[] Rules =
    [
        $"type='signal',sender='{Firewalld}',path='/org/fedoraproject/FirewallD1',interface='{Firewalld}',member='Reloaded'",
        $"type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{Firewalld}',arg1=''",
    ];

    private readonly IServiceProvider _services;
    private readonly ILogger _log;
    private readonly PosixSignalRegistration _hangUp;
    private readonly INetworkDriver _driver;
    private int _wished;

    public FirewallWatch(IServiceProvider services, bool rootless, ILoggerFactory loggers)
    {
        _services = services;
        _log = loggers.CreateLogger<FirewallWatch>();
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Wish();
        });
        _driver = services.GetRequiredService<INetworkDriver>();
        _driver.RulesLost += Wish;
        // The library is not loaded where nobody could send anything.
        if (!rootless && (Directory.Exists(InstalledAt) || Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") is { Length: > 0 }))
            new Thread(Listen) { IsBackground = true, Name = "firewalld" }.Start();
    }

    public void Dispose()
    {
        _driver.RulesLost -= Wish;
        _hangUp.Dispose();
    }

    private void Wish()
    {
        // One that is only about to begin does for both.
        if (Interlocked.Exchange(ref _wished, 1) == 0) _ = Task.Run(ReloadAsync);
    }

    private async Task ReloadAsync()
    {
        Interlocked.Exchange(ref _wished, 0);
        try
        {
            var outcome = await _services.GetRequiredService<ReloadNetworks>().RunAsync(CancellationToken.None);
            foreach (var failed in outcome.Where(container => container.Fault is not null)) Log.NotRestored(_log, failed.Name, failed.Fault!);
            Log.Restored(_log, outcome.Count(container => container.Fault is null));
        }
        catch (Exception failure) when (failure is ObjectDisposedException or OperationCanceledException)
        {
            // The service ends.
        }
    }

    private void Listen()
    {
        try
        {
            BusSignals.Listen(Rules, Wish);
        }
        catch (Exception failure) when (failure is SystemCallException or DllNotFoundException)
        {
            Log.Deaf(_log, failure.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The firewall rules of {Count} containers were made anew")]
        public static partial void Restored(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "The firewall rules of container {Name} were not made anew: {Reason}")]
        public static partial void NotRestored(ILogger logger, string name, string reason);

        [LoggerMessage(LogLevel.Warning, "Reloads of firewalld go unheard: {Reason}")]
        public static partial void Deaf(ILogger logger, string reason);
    }
}
