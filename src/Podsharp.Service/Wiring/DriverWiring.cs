using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Logs;
using Podsharp.Core.Networks;
using Podsharp.Core.Runtime;
using Podsharp.Drivers;
using Podsharp.Drivers.Exits;
using Podsharp.Drivers.Host;
using Podsharp.Drivers.Logs;
using Podsharp.Drivers.Network;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Service.Life;
using Podsharp.Service.Options;

namespace Podsharp.Service.Wiring;

internal static class DriverWiring
{
    private static readonly bool SystemdRuns = Directory.Exists("/run/systemd/system");

    public static void Add(IServiceCollection services, CommandLine line, Places places, ServiceOptions options) => services
        .AddSingleton(OptionsOf(line, places, options))
        .AddSingleton(new NetavarkOptions { Firewall = options.FirewallDriver, DnsPort = options.DnsPort })
        .AddSingleton<ContainerRuntime>()
        .AddSingleton<IContainerRuntime>(services => services.GetRequiredService<ContainerRuntime>())
        .AddSingleton<Core.Host.IHost, LinuxHost>()
        .AddSingleton<IExitWatcher, ExitWatcher>()
        .AddSingleton<IContainerLogs, ContainerLogs>()
        .AddSingleton<INetworkDriver, Netavark>()
        .AddSingleton<INetworkNamespaces, NetworkNamespaces>()
        .AddSingleton<IHostPorts, HostPorts>()
        .AddSingleton<IHostNetworks, HostNetworks>();

    private static DriverOptions OptionsOf(CommandLine line, Places places, ServiceOptions options)
    {
        var defaults = new DriverOptions { Paths = places.Paths };
        return defaults with
        {
            Runtime = options.Runtime,
            RuntimePaths = options.RuntimePaths,
            Monitor = options.MonitorPath,
            SystemdCgroups = options.SystemdCgroups ?? SystemdRuns,
            Rootless = places.Rootless,
            Waker = Waker.Command(line, places),
            // The waker is a grandchild of the tools: it finds the way back by these.
            ToolEnvironment = [.. defaults.ToolEnvironment, .. options.ToolEnvironment, .. Waker.KeptEnvironment],
        };
    }
}
