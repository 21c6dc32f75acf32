using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Limits of the control group; the runtime translates them for cgroup v2.</summary>
internal static class ResourcePart
{
    private const long QuotaPeriod = 100_000;

    public static LinuxResources Build(ResourceLimits limits, LaunchContext context, IHost host) => new()
    {
        Devices = DevicePart.Rules(context),
        Memory = Memory(limits, context.Host),
        Cpu = Cpu(limits),
        Pids = Pids(limits, context.Options, context.Host),
        BlockIo = BlockIo(limits, host),
    };

    public static LinuxMemory? Memory(ResourceLimits limits, HostFacts host)
    {
        if (limits is { Memory: 0, MemorySwap: 0, MemoryReservation: 0, MemorySwappiness: null, DisableOomKiller: null or false }) return null;
        // Twice the memory is the field's default: as much swap as memory.
        var swap = limits.MemorySwap != 0 ? limits.MemorySwap : limits.Memory > 0 ? limits.Memory * 2 : 0;
        return new LinuxMemory
        {
            Limit = NullIfZero(limits.Memory),
            Reservation = NullIfZero(limits.MemoryReservation),
            Swap = host.SwapLimit ? NullIfZero(swap) : null,
            Swappiness = limits.MemorySwappiness is >= 0 and var value ? (ulong)value : null,
            DisableOomKiller = limits.DisableOomKiller is true ? true : null,
        };
    }

    public static LinuxCpu? Cpu(ResourceLimits limits)
    {
        var cpu = new LinuxCpu
        {
            Shares = limits.CpuShares > 0 ? (ulong)limits.CpuShares : null,
            Quota = limits.NanoCpus > 0 ? limits.NanoCpus * QuotaPeriod / 1_000_000_000 : NullIfZero(limits.CpuQuota),
            Period = limits.NanoCpus > 0 ? (ulong)QuotaPeriod : limits.CpuPeriod > 0 ? (ulong)limits.CpuPeriod : null,
            RealtimePeriod = limits.CpuRealtimePeriod > 0 ? (ulong)limits.CpuRealtimePeriod : null,
            RealtimeRuntime = NullIfZero(limits.CpuRealtimeRuntime),
            Cpus = limits.CpusetCpus is { Length: > 0 } cpus ? cpus : null,
            Mems = limits.CpusetMems is { Length: > 0 } mems ? mems : null,
        };
        return cpu == new LinuxCpu() ? null : cpu;
    }

    private static LinuxPids? Pids(ResourceLimits limits, EngineOptions options, HostFacts host)
    {
        if (limits.PidsLimit is -1) return null;
        var limit = limits.PidsLimit is > 0 and var asked ? asked : options.PidsLimit;
        if (limit <= 0 || (limits.PidsLimit is null or 0 && !host.CgroupControllers.Contains("pids"))) return null;
        return new LinuxPids(limit);
    }

    private static LinuxBlockIo? BlockIo(ResourceLimits limits, IHost host)
    {
        if (limits is
            {
                BlkioWeight: 0, BlkioWeightDevice: [], BlkioReadBytes: [], BlkioWriteBytes: [], BlkioReadOperations: [], BlkioWriteOperations: [],
            }) return null;
        return new LinuxBlockIo
        {
            Weight = limits.BlkioWeight > 0 ? (ushort)limits.BlkioWeight : null,
            WeightDevice = NullIfEmpty(limits.BlkioWeightDevice, item => Weight(item, host)),
            ThrottleReadBpsDevice = NullIfEmpty(limits.BlkioReadBytes, item => Throttle(item, host)),
            ThrottleWriteBpsDevice = NullIfEmpty(limits.BlkioWriteBytes, item => Throttle(item, host)),
            ThrottleReadIopsDevice = NullIfEmpty(limits.BlkioReadOperations, item => Throttle(item, host)),
            ThrottleWriteIopsDevice = NullIfEmpty(limits.BlkioWriteOperations, item => Throttle(item, host)),
        };
    }

    private static LinuxWeightDevice Weight(DeviceWeight item, IHost host)
    {
        var device = Node(item.Path, host);
        return new LinuxWeightDevice(device.Major, device.Minor, (ushort)item.Weight);
    }

    private static LinuxThrottleDevice Throttle(DeviceRate item, IHost host)
    {
        var device = Node(item.Path, host);
        return new LinuxThrottleDevice(device.Major, device.Minor, item.Rate);
    }

    private static DeviceNode Node(string path, IHost host) => host.Device(path) is { Type: 'b' } device
        ? device
        : throw EngineException.InvalidInput($"{path} is not a block device of this machine");

    private static long? NullIfZero(long value) => value == 0 ? null : value;

    private static IReadOnlyList<TOut>? NullIfEmpty<TIn, TOut>(IReadOnlyList<TIn> items, Func<TIn, TOut> map) =>
        items.Count == 0 ? null : [.. items.Select(map)];
}
