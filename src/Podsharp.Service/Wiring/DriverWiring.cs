using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Logs;
using Podsharp.Core.Networks;
using Podsharp.Core.Runtime;
using Podsharp.Drivers;
using Podsharp.Drivers.Devices;
using Podsharp.Drivers.Exits;
using Podsharp.Drivers.Host;
using Podsharp.Drivers.Logs;
using Podsharp.Drivers.Network;
using Podsharp.Drivers.Network.Forwarding;
using Podsharp.Drivers.Network.Rootless;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Drivers.Usage;
using Podsharp.Service.Life;
using Podsharp.Service.Options;

namespace Podsharp.Service.Wiring;

internal static class DriverWiring
{
    public static void Add(IServiceCollection services, CommandLine line, Places places, ServiceOptions options)
    {
        AddNetworks(services, places, options);
        services
            .AddSingleton(OptionsOf(line, places, options))
            .AddSingleton<ContainerRuntime>()
            .AddSingleton<IContainerRuntime>(services => services.GetRequiredService<ContainerRuntime>())
            .AddSingleton<Core.Host.IHost, LinuxHost>()
            .AddSingleton<Core.Host.IDeviceCatalog, CdiCatalog>()
            .AddSingleton<IContainerMeters, ContainerMeters>()
            .AddSingleton<IExitWatcher, ExitWatcher>()
            .AddSingleton<IContainerLogs>(services => new ContainerLogs(places.Paths, services.GetRequiredService<DriverOptions>().Journal));
    }

    private static void AddNetworks(IServiceCollection services, Places places, ServiceOptions options)
    {
        services
            .AddSingleton(new NetavarkOptions { Firewall = options.Engine.FirewallDriver, DnsPort = options.DnsPort })
            .AddSingleton<INetworkNamespaces, NetworkNamespaces>()
            .AddSingleton<IHostPorts>(_ => new HostPorts(byForwarder: places.Rootless))
            .AddSingleton<IHostNetworks, HostNetworks>();
        if (places.Rootless)
            services.AddSingleton<INetworkDriver, UserNetworks>();
        else
            services.AddSingleton<INetworkDriver, Netavark>();
    }

    private static DriverOptions OptionsOf(CommandLine line, Places places, ServiceOptions options)
    {
        var defaults = new DriverOptions { Paths = places.Paths };
        var controlGroups = ControlGroupChoice.Of(options.SystemdCgroups);
        return defaults with
        {
            Runtime = options.Runtime,
            RuntimePaths = options.RuntimePaths,
            Monitor = options.MonitorPath,
            ControlGroups = controlGroups.Manager,
            Controllers = controlGroups.Controllers,
            Rootless = places.Rootless,
            Waker = Waker.Command(line, places),
            Forwarder = [Environment.ProcessPath ?? "", ForwardingProcess.Verb],
            // The waker is a grandchild of the tools: it finds the way back by these.
            ToolEnvironment = [.. defaults.ToolEnvironment, .. options.ToolEnvironment, .. Waker.KeptEnvironment],
        };
    }
}
