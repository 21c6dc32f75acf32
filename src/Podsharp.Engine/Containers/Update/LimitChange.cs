using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Containers.Update;

/// <summary>Limits that are to change, over those that a container has.</summary>
internal static class LimitChange
{
    // The most that a kernel numbers (PID_MAX_LIMIT): runtimes have no word for "max" in a change, and older ones write -1 as it stands.
    private const long AnyNumberOfProcesses = 1 << 22;

    /// <summary>Why the two do not go together; null when they do.</summary>
    public static string? Conflict(ResourceLimits present, ResourceLimits asked)
    {
        if (asked.NanoCpus > 0 && present.CpuPeriod > 0) return "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set";
        if (asked.NanoCpus > 0 && present.CpuQuota > 0) return "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set";
        if (asked.CpuPeriod > 0 && present.NanoCpus > 0) return "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set";
        if (asked.CpuQuota > 0 && present.NanoCpus > 0) return "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set";
        if (asked.Memory != 0 && asked.MemorySwap == 0 && asked.Memory > SwapOf(present))
            return "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time";
        return null;
    }

    public static ResourceLimits Merge(ResourceLimits present, ResourceLimits asked) => present with
    {
        Memory = Over(present.Memory, asked.Memory),
        // The default follows the memory that it was made from.
        MemorySwap = asked.MemorySwap != 0 ? asked.MemorySwap : asked.Memory != 0 ? SwapOf(present) : present.MemorySwap,
        MemoryReservation = Over(present.MemoryReservation, asked.MemoryReservation),
        CpuShares = Over(present.CpuShares, asked.CpuShares),
        NanoCpus = Over(present.NanoCpus, asked.NanoCpus),
        CpuPeriod = Over(present.CpuPeriod, asked.CpuPeriod),
        CpuQuota = Over(present.CpuQuota, asked.CpuQuota),
        CpuRealtimePeriod = Over(present.CpuRealtimePeriod, asked.CpuRealtimePeriod),
        CpuRealtimeRuntime = Over(present.CpuRealtimeRuntime, asked.CpuRealtimeRuntime),
        CpusetCpus = asked.CpusetCpus.Length > 0 ? asked.CpusetCpus : present.CpusetCpus,
        CpusetMems = asked.CpusetMems.Length > 0 ? asked.CpusetMems : present.CpusetMems,
        PidsLimit = asked.PidsLimit ?? present.PidsLimit,
        BlkioWeight = asked.BlkioWeight != 0 ? asked.BlkioWeight : present.BlkioWeight,
    };

    /// <summary>What the control group of a running container has to be told; null: nothing.</summary>
    /// <param name="merged">Kinds of limits that change are told whole, since the kernel checks them against each other.</param>
    public static LinuxResources? Resources(ResourceLimits merged, ResourceLimits asked, HostFacts host)
    {
        var resources = new LinuxResources
        {
            Memory = asked is { Memory: 0, MemorySwap: 0, MemoryReservation: 0 } ? null : ResourcePart.Memory(merged, host),
            Cpu = ResourcePart.Cpu(asked) is null ? null : ResourcePart.Cpu(merged),
            Pids = asked.PidsLimit is { } limit ? new LinuxPids(limit < 0 ? AnyNumberOfProcesses : limit) : null,
            BlockIo = asked.BlkioWeight == 0 ? null : new LinuxBlockIo { Weight = (ushort)asked.BlkioWeight },
        };
        return resources == new LinuxResources() ? null : resources;
    }

    private static long SwapOf(ResourceLimits limits) => limits.MemorySwap != 0 ? limits.MemorySwap : limits.Memory * 2;

    private static long Over(long present, long asked) => asked != 0 ? asked : present;
}
