namespace Podsharp.Core.Containers;

/// <summary>Limits for the container's control group. Zero or null: not asked for.</summary>
public sealed record ResourceLimits
{
    /// <summary>Bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Bytes of memory and swap together; −1 unlimited.</summary>
    public long MemorySwap { get; init; }

    /// <summary>Bytes; the soft limit.</summary>
    public long MemoryReservation { get; init; }

    /// <summary>0–100; null: the kernel's.</summary>
    public long? MemorySwappiness { get; init; }

    public bool? DisableOomKiller { get; init; }

    /// <summary>Relative weight, 2–262144 (cgroup v1's scale).</summary>
    public long CpuShares { get; init; }

    /// <summary>Billionths of one processor.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Microseconds.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Microseconds in each period; −1 unlimited.</summary>
    public long CpuQuota { get; init; }

    /// <summary>Microseconds.</summary>
    public long CpuRealtimePeriod { get; init; }

    /// <summary>Microseconds.</summary>
    public long CpuRealtimeRuntime { get; init; }

    public string CpusetCpus { get; init; } = "";

    public string CpusetMems { get; init; } = "";

    /// <summary>−1 unlimited; null: the engine's default.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>10–1000.</summary>
    public int BlkioWeight { get; init; }

    public IReadOnlyList<DeviceWeight> BlkioWeightDevice { get; init; } = [];

    public IReadOnlyList<DeviceRate> BlkioReadBytes { get; init; } = [];

    public IReadOnlyList<DeviceRate> BlkioWriteBytes { get; init; } = [];

    public IReadOnlyList<DeviceRate> BlkioReadOperations { get; init; } = [];

    public IReadOnlyList<DeviceRate> BlkioWriteOperations { get; init; } = [];

    /// <summary>Rules such as "c 1:3 rwm".</summary>
    public IReadOnlyList<string> DeviceCgroupRules { get; init; } = [];

    public IReadOnlyList<UserLimit> UserLimits { get; init; } = [];
}

public sealed record DeviceWeight(string Path, int Weight);

/// <param name="Rate">Bytes or operations per second.</param>
public sealed record DeviceRate(string Path, ulong Rate);

/// <param name="Name">nofile, nproc … without RLIMIT_.</param>
/// <param name="Soft">−1 unlimited.</param>
/// <param name="Hard">−1 unlimited.</param>
public sealed record UserLimit(string Name, long Soft, long Hard);
