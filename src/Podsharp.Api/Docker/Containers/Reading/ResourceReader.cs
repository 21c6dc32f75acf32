using System.Text.RegularExpressions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

internal static partial class ResourceReader
{
    // Below this a process cannot even be started in the group.
    private const long LeastMemory = 6 << 20;

    /// <param name="isChange">Over limits that are there already: swap may be named alone.</param>
    public static ResourceLimits Read(HostConfig host, List<string> warnings, bool isChange = false)
    {
        CheckMemory(host, isChange);
        CheckCpu(host);
        if (host.OomKillDisable == true && host.Memory == 0)
        {
            warnings.Add(
                "OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.");
        }

        return new ResourceLimits
        {
            Memory = host.Memory,
            MemorySwap = host.MemorySwap < 0 ? -1 : host.MemorySwap,
            MemoryReservation = host.MemoryReservation,
            MemorySwappiness = host.MemorySwappiness is -1 ? null : host.MemorySwappiness,
            DisableOomKiller = host.OomKillDisable,
            CpuShares = host.CpuShares,
            NanoCpus = host.NanoCpus,
            CpuPeriod = host.CpuPeriod,
            CpuQuota = host.CpuQuota,
            CpuRealtimePeriod = host.CpuRealtimePeriod,
            CpuRealtimeRuntime = host.CpuRealtimeRuntime,
            CpusetCpus = Set(host.CpusetCpus, "cpus"),
            CpusetMems = Set(host.CpusetMems, "mems"),
            PidsLimit = host.PidsLimit switch { null or 0 => null, < 0 => -1, var limit => limit },
            BlkioWeight = Weight(host.BlkioWeight, nameof(host.BlkioWeight)),
            BlkioWeightDevice = [.. Given(host.BlkioWeightDevice).Select(device => new DeviceWeight(device.Path, Weight(device.Weight, "BlkioWeightDevice")))],
            BlkioReadBytes = Rates(host.BlkioDeviceReadBps),
            BlkioWriteBytes = Rates(host.BlkioDeviceWriteBps),
            BlkioReadOperations = Rates(host.BlkioDeviceReadIops),
            BlkioWriteOperations = Rates(host.BlkioDeviceWriteIops),
            DeviceCgroupRules = [.. (host.DeviceCgroupRules ?? []).Select(Rule)],
            UserLimits = [.. Given(host.Ulimits).Select(limit => new UserLimit(limit.Name, limit.Soft, limit.Hard))],
        };
    }

    private static void CheckMemory(HostConfig host, bool isChange)
    {
        if (host.Memory != 0 && host.Memory < LeastMemory) throw EngineException.InvalidInput("Minimum memory limit allowed is 6MB");
        if (host.MemorySwap < -1) throw EngineException.InvalidInput($"invalid MemorySwap {host.MemorySwap}: want bytes, or -1 for no limit");
        if (host.Memory == 0 && host.MemorySwap > 0 && !isChange)
            throw EngineException.InvalidInput("You should always set the Memory limit when using Memoryswap limit, see usage");
        if (host.Memory > 0 && host.MemorySwap > 0 && host.MemorySwap < host.Memory)
            throw EngineException.InvalidInput("Minimum memoryswap limit should be larger than memory limit, see usage");
        if (host.MemoryReservation != 0 && host.MemoryReservation < LeastMemory)
            throw EngineException.InvalidInput("Minimum memory reservation allowed is 6MB");
        if (host.Memory > 0 && host.MemoryReservation > host.Memory)
            throw EngineException.InvalidInput("Minimum memory limit can not be less than memory reservation limit, see usage");
        if (host.MemorySwappiness is < -1 or > 100)
            throw EngineException.InvalidInput($"Invalid value: {host.MemorySwappiness}, valid memory swappiness range is 0-100");
    }

    private static void CheckCpu(HostConfig host)
    {
        if (host.NanoCpus < 0) throw EngineException.InvalidInput($"invalid NanoCpus {host.NanoCpus}: it cannot be negative");
        if (host.NanoCpus > 0 && host.CpuPeriod != 0)
            throw EngineException.InvalidInput("Conflicting options: Nano CPUs and CPU Period cannot both be set");
        if (host.NanoCpus > 0 && host.CpuQuota != 0)
            throw EngineException.InvalidInput("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
        if (host.CpuShares < 0) throw EngineException.InvalidInput($"invalid CpuShares {host.CpuShares}: it cannot be negative");
        if (host.CpuPeriod != 0 && host.CpuPeriod is < 1000 or > 1_000_000)
            throw EngineException.InvalidInput("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        if (host.CpuQuota is > 0 and < 1000) throw EngineException.InvalidInput("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        if (host.CpuQuota < -1) throw EngineException.InvalidInput($"invalid CpuQuota {host.CpuQuota}: want microseconds, or -1 for no limit");
        if (host.CpuRealtimePeriod < 0 || host.CpuRealtimeRuntime < 0)
            throw EngineException.InvalidInput("CpuRealtimePeriod and CpuRealtimeRuntime cannot be negative");
        if (host.CpuRealtimePeriod != 0 && host.CpuRealtimeRuntime > host.CpuRealtimePeriod)
            throw EngineException.InvalidInput("cpu real-time runtime cannot be higher than cpu real-time period");
    }

    private static string Set(string text, string what) =>
        text.Length == 0 || CpuSet().IsMatch(text)
            ? text
            : throw EngineException.InvalidInput($"Invalid value {text} for cpuset {what}: invalid format: {text}");

    private static int Weight(int weight, string name) =>
        weight is 0 or (>= 10 and <= 1000)
            ? weight
            : throw EngineException.InvalidInput($"Range of blkio weight is from 10 to 1000: {name} is {weight}");

    private static string Rule(string rule) =>
        DeviceRule().IsMatch(rule) ? rule : throw EngineException.InvalidInput($"invalid device cgroup rule format: '{rule}'");

    private static IReadOnlyList<DeviceRate> Rates(IReadOnlyList<ThrottleDevice?>? devices) =>
        [.. Given(devices).Select(device => new DeviceRate(device.Path, device.Rate))];

    private static IEnumerable<T> Given<T>(IReadOnlyList<T?>? list)
        where T : class => (list ?? []).OfType<T>();

    [GeneratedRegex(@"^\d+(-\d+)?(,\d+(-\d+)?)*\z")]
    private static partial Regex CpuSet();

    [GeneratedRegex(@"^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}\z")]
    private static partial Regex DeviceRule();
}
