using Podsharp.Core.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class ResourceWriter
{
    public static void Write(HostConfig host, ResourceLimits limits)
    {
        host.Memory = limits.Memory;
        // What is not said is twice the memory.
        host.MemorySwap = limits is { MemorySwap: 0, Memory: > 0 } ? limits.Memory * 2 : limits.MemorySwap;
        host.MemoryReservation = limits.MemoryReservation;
        host.MemorySwappiness = limits.MemorySwappiness;
        host.OomKillDisable = limits.DisableOomKiller ?? false;
        host.CpuShares = limits.CpuShares;
        host.NanoCpus = limits.NanoCpus;
        host.CpuPeriod = limits.CpuPeriod;
        host.CpuQuota = limits.CpuQuota;
        host.CpuRealtimePeriod = limits.CpuRealtimePeriod;
        host.CpuRealtimeRuntime = limits.CpuRealtimeRuntime;
        host.CpusetCpus = limits.CpusetCpus;
        host.CpusetMems = limits.CpusetMems;
        host.PidsLimit = limits.PidsLimit;
        host.BlkioWeight = limits.BlkioWeight;
        host.BlkioWeightDevice = Each(limits.BlkioWeightDevice, device => new WeightDevice { Path = device.Path, Weight = device.Weight });
        host.BlkioDeviceReadBps = Rates(limits.BlkioReadBytes);
        host.BlkioDeviceWriteBps = Rates(limits.BlkioWriteBytes);
        host.BlkioDeviceReadIops = Rates(limits.BlkioReadOperations);
        host.BlkioDeviceWriteIops = Rates(limits.BlkioWriteOperations);
        host.DeviceCgroupRules = limits.DeviceCgroupRules.Count > 0 ? limits.DeviceCgroupRules : null;
        host.Ulimits = Each(limits.UserLimits, limit => new Ulimit { Name = limit.Name, Soft = limit.Soft, Hard = limit.Hard });
    }

    private static IReadOnlyList<ThrottleDevice?>? Rates(IReadOnlyList<DeviceRate> rates) =>
        Each(rates, rate => new ThrottleDevice { Path = rate.Path, Rate = rate.Rate });

    private static IReadOnlyList<TShown?>? Each<T, TShown>(IReadOnlyList<T> list, Func<T, TShown> show) =>
        list.Count > 0 ? [.. list.Select(show)] : null;
}
