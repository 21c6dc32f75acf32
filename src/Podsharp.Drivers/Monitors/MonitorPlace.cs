using Podsharp.Core.Runtime;
using Podsharp.Linux.SystemdBus;

namespace Podsharp.Drivers.Monitors;

/// <summary>
/// Where the monitor's process lives. With systemd it gets a scope of its own: it must outlive our unit and must not be counted in the
/// container. Without, it stays where we are.
/// </summary>
internal sealed class MonitorPlace(DriverOptions options)
{
    private readonly Lazy<SystemdManager> _systemd = new(() => new SystemdManager(options.Rootless));

    public Task MoveAsync(int pid, CreateProcessRequest request) => _systemd.Value.StartScopeAsync(
        $"podsharp-conmon-{request.Id}.scope", SliceOf(request.Spec.Linux.CgroupsPath), $"Monitor of container {request.Name}", pid);

    // With systemd the path is slice:prefix:name.
    internal string SliceOf(string? controlGroup)
    {
        var colon = controlGroup?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0 ? controlGroup![..colon] : options.Rootless ? "user.slice" : "machine.slice";
    }
}
