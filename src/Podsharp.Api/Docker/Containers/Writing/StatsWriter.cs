using Podsharp.Api.Http;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Usage;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class StatsWriter
{
    private static readonly CpuStats NoCpu = new(new CpuUsage(0, null, 0, 0), 0, 0, new ThrottlingData(0, 0, 0));

    public static StatsReply Write(Measurement measurement, ApiVersion version)
    {
        var (present, before) = (measurement.Present, measurement.Before);
        return new StatsReply
        {
            Read = GoTime.Format(present?.Time),
            PreRead = GoTime.Format(before?.Time),
            Pids = new PidsStats((ulong)(present?.Processes ?? 0), (ulong)(present?.ProcessLimit ?? 0)),
            Block = Block(present),
            Cpu = Cpu(present),
            PreCpu = Cpu(before),
            Memory = Memory(present?.Memory),
            Name = "/" + measurement.Container.Name,
            Id = measurement.Container.Id.ToString(),
            OsType = version.AtLeast(1, 52) ? "linux" : null,
            Networks = present is null || present.Interfaces.Count == 0 ? null : present.Interfaces.ToDictionary(pair => pair.Key, pair => Network(pair.Value)),
        };
    }

    // Version 1 of control groups tells of operations, and has empty lists for what it doesn't count; version 2 has nothing there.
    private static BlockStats Block(ContainerUsage? usage)
    {
        IReadOnlyList<BlockStat>? uncounted = usage?.TransferOperations is null ? null : [];
        return new BlockStats(List(usage?.TransferredBytes), List(usage?.TransferOperations), uncounted, uncounted, uncounted, uncounted, uncounted, uncounted);
    }

    private static IReadOnlyList<BlockStat>? List(IReadOnlyList<DeviceTransfer>? transfers) =>
        transfers is null ? null : [.. transfers.Select(transfer => new BlockStat(transfer.Major, transfer.Minor, transfer.Direction, transfer.Value))];

    private static CpuStats Cpu(ContainerUsage? usage) => usage is not { Processor: { } cpu } ? NoCpu : new CpuStats(
        new CpuUsage(cpu.Total, cpu.PerProcessor is { Count: > 0 } each ? each : null, cpu.Kernel, cpu.User),
        cpu.Machine,
        cpu.Processors,
        new ThrottlingData(cpu.Throttled.Periods, cpu.Throttled.ThrottledPeriods, cpu.Throttled.Time));

    private static MemoryStats Memory(MemoryUsage? memory) =>
        memory is null ? new MemoryStats(0, 0, null, 0, 0) : new MemoryStats(memory.Used, memory.Peak, memory.Details, memory.Failures, memory.Limit);

    private static NetworkStats Network(InterfaceUsage usage) => new(
        usage.ReceivedBytes, usage.ReceivedPackets, usage.ReceiveErrors, usage.ReceiveDrops,
        usage.SentBytes, usage.SentPackets, usage.SendErrors, usage.SendDrops);
}
