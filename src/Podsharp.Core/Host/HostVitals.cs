namespace Podsharp.Core.Host;

/// <summary>How the machine is doing at this moment; sizes in bytes.</summary>
/// <param name="Uptime">Whole seconds since boot.</param>
/// <param name="UserPercent">Of all processor time since boot, with two digits; so are the other two.</param>
/// <param name="StoreAllocated">Size of the file system that the store lies on.</param>
public sealed record HostVitals(
    long MemoryFree,
    long SwapTotal,
    long SwapFree,
    TimeSpan Uptime,
    double UserPercent,
    double SystemPercent,
    double IdlePercent,
    long StoreAllocated,
    long StoreUsed);

/// <summary>A range of ids of a user namespace.</summary>
public sealed record IdRange(long ContainerId, long HostId, long Size);
