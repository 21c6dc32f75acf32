using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.OciRuntime;

namespace Podsharp.Drivers.Usage;

public sealed class ContainerMeters(DriverOptions options, IContainerRuntime runtime, IHost host, TimeProvider clock) : IContainerMeters
{
    private const string Mounts = "/sys/fs/cgroup";

    public ContainerUsage? Read(Container container)
    {
        var state = container.State;
        if (!state.IsUp) return null;
        var process = $"/proc/{state.Pid}";
        var membership = CounterFiles.Text(Path.GetDirectoryName(Bundle.Of(options.Paths, container.Id, state.Generation).ControlGroupFile), "cgroup");
        var groups = new GroupDirectories(membership.Length > 0 ? membership : CounterFiles.Text(process, "cgroup"), Mounts);
        var machine = MachineCounters.Parse(CounterFiles.Text("/proc", "stat"), (ulong)host.Facts.Memory);
        var usage = groups.IsUnified
            ? UnifiedCounters.Read(groups["memory"], machine, clock.GetUtcNow())
            : SeparateCounters.Read(groups, machine, clock.GetUtcNow());
        if (container.Spec.Network.Mode.Kind != NamespaceKind.Host) usage = usage with { Interfaces = InterfaceTable.Parse(CounterFiles.Text(process, "net/dev")) };
        // Looked at last: had the number been given to another process before, this one would be gone.
        return runtime.IsAlive(state.Pid, state.PidStartTime) ? usage : null;
    }
}
