using System.Globalization;
using Podsharp.Core.Runtime;

namespace Podsharp.Drivers.Usage;

/// <summary>Control groups version 1: a hierarchy for each controller (Documentation/admin-guide/cgroup-v1).</summary>
internal static class SeparateCounters
{
    // USER_HZ, which is 100 on every architecture that we run on.
    private const ulong Tick = 1_000_000_000 / 100;

    private static readonly string[] MemoryNames =
    [
        "cache", "rss", "rss_huge", "mapped_file", "dirty", "writeback", "pgpgin", "pgpgout", "pgfault", "pgmajfault",
        "inactive_anon", "active_anon", "inactive_file", "active_file", "unevictable",
    ];

    public static ContainerUsage Read(GroupDirectories groups, MachineCounters machine, DateTimeOffset time)
    {
        var io = groups["blkio"];
        return new ContainerUsage
        {
            Time = time,
            Processor = Processor(groups, machine),
            Memory = Memory(groups["memory"], machine),
            Processes = (long)CounterFiles.Number(groups["pids"], "pids.current"),
            ProcessLimit = CounterFiles.Number(groups["pids"], "pids.max") is > 0 and var limit ? (long)limit : null,
            TransferredBytes = Transfers(io, "io_service_bytes"),
            TransferOperations = Transfers(io, "io_serviced"),
        };
    }

    private static ProcessorUsage Processor(GroupDirectories groups, MachineCounters machine)
    {
        var accounts = groups["cpuacct"];
        var split = CounterFiles.Table(CounterFiles.Text(accounts, "cpuacct.stat"));
        var throttled = CounterFiles.Table(CounterFiles.Text(groups["cpu"], "cpu.stat"));
        var perProcessor = CounterFiles.Text(accounts, "cpuacct.usage_percpu").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return new ProcessorUsage(
            CounterFiles.Number(accounts, "cpuacct.usage"),
            [.. perProcessor.Select(text => CounterFiles.Number(text))],
            split.GetValueOrDefault("system") * Tick,
            split.GetValueOrDefault("user") * Tick,
            machine.ProcessorTime,
            machine.Processors,
            new ThrottledTime(
                throttled.GetValueOrDefault("nr_periods"), throttled.GetValueOrDefault("nr_throttled"), throttled.GetValueOrDefault("throttled_time")));
    }

    private static MemoryUsage Memory(string? group, MachineCounters machine)
    {
        var told = CounterFiles.Table(CounterFiles.Text(group, "memory.stat"));
        var details = new Dictionary<string, ulong>();
        foreach (var name in MemoryNames.SelectMany(name => (string[])[name, "total_" + name]).Concat(["hierarchical_memory_limit", "hierarchical_memsw_limit"]))
        {
            if (told.TryGetValue(name, out var value)) details[name] = value;
        }

        var limit = CounterFiles.Number(group, "memory.limit_in_bytes");
        return new MemoryUsage(
            CounterFiles.Number(group, "memory.usage_in_bytes"),
            CounterFiles.Number(group, "memory.max_usage_in_bytes"),
            CounterFiles.Number(group, "memory.failcnt"),
            limit == 0 || limit > machine.Memory ? machine.Memory : limit,
            details);
    }

    /// <summary>The scheduler's own count where it has one (bfq), else what passed the throttle.</summary>
    private static List<DeviceTransfer> Transfers(string? group, string what)
    {
        foreach (var file in new[] { $"blkio.bfq.{what}_recursive", $"blkio.{what}_recursive", $"blkio.throttle.{what}_recursive", $"blkio.throttle.{what}" })
        {
            if (Parse(CounterFiles.Text(group, file)) is { Count: > 0 } transfers) return transfers;
        }

        return [];
    }

    /// <summary>"8:0 Read 4096"; the last line, "Total 4096", is everybody's.</summary>
    private static List<DeviceTransfer> Parse(string text)
    {
        var transfers = new List<DeviceTransfer>();
        foreach (var line in text.Split('\n'))
        {
            var fields = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 4 && ulong.TryParse(fields[0], CultureInfo.InvariantCulture, out var major))
                transfers.Add(new DeviceTransfer(major, CounterFiles.Number(fields[1]), fields[2], CounterFiles.Number(fields[3])));
        }

        return transfers;
    }
}
