using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>An ordinary user limits containers only by the controllers that the machine's systemd has handed to his own.</summary>
internal static class DelegatedControllers
{
    /// <summary>NotSupported that names the first limit which could not be kept.</summary>
    public static void Check(ResourceLimits limits, HostFacts host)
    {
        if (!host.Rootless) return;
        foreach (var (asked, what, controller) in Wanted(limits))
        {
            if (!asked || host.CgroupControllers.Contains(controller)) continue;
            throw EngineException.NotSupported(host.CgroupDriver == "none"
                ? $"{what} cannot be limited: a service of an ordinary user has no control groups here (they need cgroup v2 and a systemd user session)"
                : $"{what} cannot be limited: the controller \"{controller}\" is not delegated to this user (Delegate= of user@.service; there is: {string.Join(' ', host.CgroupControllers)})");
        }
    }

    private static IEnumerable<(bool Asked, string What, string Controller)> Wanted(ResourceLimits limits) =>
    [
        (limits.Memory != 0 || limits.MemorySwap > 0 || limits.MemoryReservation != 0, "memory", "memory"),
        (limits.CpuShares != 0 || limits.NanoCpus != 0 || limits.CpuQuota > 0 || limits.CpuPeriod != 0, "processor time", "cpu"),
        (limits.CpusetCpus.Length > 0 || limits.CpusetMems.Length > 0, "the set of processors", "cpuset"),
        (limits.PidsLimit > 0, "the number of processes", "pids"),
        (limits.BlkioWeight != 0 || limits.BlkioWeightDevice.Count + limits.BlkioReadBytes.Count + limits.BlkioWriteBytes.Count
            + limits.BlkioReadOperations.Count + limits.BlkioWriteOperations.Count > 0, "input and output", "io"),
    ];
}
