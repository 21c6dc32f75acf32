using Podsharp.Core.Containers;

namespace Podsharp.Core.Runtime;

/// <summary>Reads what running containers use, from the kernel's own counters and without a process.</summary>
public interface IContainerMeters
{
    /// <summary>Null when it does not run.</summary>
    ContainerUsage? Read(Container container);
}

/// <summary>Counters at one moment; times in nanoseconds, sizes in bytes, all since the container's start.</summary>
public sealed record ContainerUsage
{
    public required DateTimeOffset Time { get; init; }

    public required ProcessorUsage Processor { get; init; }

    public required MemoryUsage Memory { get; init; }

    public long Processes { get; init; }

    /// <summary>Null: no limit.</summary>
    public long? ProcessLimit { get; init; }

    /// <summary>Bytes by device and direction.</summary>
    public IReadOnlyList<DeviceTransfer> TransferredBytes { get; init; } = [];

    /// <summary>Operations by device and direction; null where the kernel doesn't tell them apart from bytes.</summary>
    public IReadOnlyList<DeviceTransfer>? TransferOperations { get; init; }

    /// <summary>By the interface's name in the container; empty where it shares the machine's network or has none.</summary>
    public IReadOnlyDictionary<string, InterfaceUsage> Interfaces { get; init; } = new Dictionary<string, InterfaceUsage>();
}

/// <param name="PerProcessor">Null where the kernel doesn't tell (control groups version 2).</param>
/// <param name="Machine">What all processors of the machine have spent together since boot, idle time included.</param>
public sealed record ProcessorUsage(
    ulong Total, IReadOnlyList<ulong>? PerProcessor, ulong Kernel, ulong User, ulong Machine, int Processors, ThrottledTime Throttled);

public sealed record ThrottledTime(ulong Periods, ulong ThrottledPeriods, ulong Time);

/// <param name="Peak">0: unknown.</param>
/// <param name="Limit">The machine's memory where there is none, or a greater one.</param>
/// <param name="Details">Under the kernel's names, which differ between the versions of control groups.</param>
public sealed record MemoryUsage(ulong Used, ulong Peak, ulong Failures, ulong Limit, IReadOnlyDictionary<string, ulong> Details);

/// <param name="Direction">Read, Write, Sync …, in the kernel's case.</param>
public sealed record DeviceTransfer(ulong Major, ulong Minor, string Direction, ulong Value);

public sealed record InterfaceUsage(
    ulong ReceivedBytes, ulong ReceivedPackets, ulong ReceiveErrors, ulong ReceiveDrops,
    ulong SentBytes, ulong SentPackets, ulong SendErrors, ulong SendDrops);
