using Podsharp.Core.Runtime;

namespace Podsharp.Drivers.Usage;

/// <summary>Control groups version 2 (Documentation/admin-guide/cgroup-v2.rst, "Controllers").</summary>
internal static class UnifiedCounters
{
    private const ulong Microsecond = 1000;

    private static readonly string[] MemoryNames =
    [
        "anon", "file", "kernel_stack", "slab", "sock", "shmem", "file_mapped", "file_dirty", "file_writeback", "anon_thp", "inactive_anon", "active_anon",
        "inactive_file", "active_file", "unevictable", "slab_reclaimable", "slab_unreclaimable", "pgfault", "pgmajfault", "workingset_refault",
        "workingset_activate", "workingset_nodereclaim", "pgrefill", "pgscan", "pgsteal", "pgactivate", "pgdeactivate", "pglazyfree", "pglazyfreed",
        "thp_fault_alloc", "thp_collapse_alloc",
    ];

    public static ContainerUsage Read(string? group, MachineCounters machine, DateTimeOffset time) => new()
    {
        Time = time,
        Processor = Processor(CounterFiles.Table(CounterFiles.Text(group, "cpu.stat")), machine),
        Memory = Memory(group, machine),
        Processes = (long)CounterFiles.Number(group, "pids.current"),
        ProcessLimit = CounterFiles.Number(group, "pids.max") is > 0 and var limit ? (long)limit : null,
        TransferredBytes = Transfers(CounterFiles.Text(group, "io.stat")),
    };

    private static ProcessorUsage Processor(Dictionary<string, ulong> told, MachineCounters machine) => new(
        told.GetValueOrDefault("usage_usec") * Microsecond,
        PerProcessor: null,
        told.GetValueOrDefault("system_usec") * Microsecond,
        told.GetValueOrDefault("user_usec") * Microsecond,
        machine.ProcessorTime,
        machine.Processors,
        new ThrottledTime(
            told.GetValueOrDefault("nr_periods"), told.GetValueOrDefault("nr_throttled"), told.GetValueOrDefault("throttled_usec") * Microsecond));

    private static MemoryUsage Memory(string? group, MachineCounters machine)
    {
        var told = CounterFiles.Table(CounterFiles.Text(group, "memory.stat"));
        var events = CounterFiles.Table(CounterFiles.Text(group, "memory.events"));
        // "max" is no number, and no limit.
        var limit = CounterFiles.Number(group, "memory.max");
        return new MemoryUsage(
            CounterFiles.Number(group, "memory.current"),
            Peak: 0,
            events.GetValueOrDefault("oom"),
            limit == 0 || limit > machine.Memory ? machine.Memory : limit,
            MemoryNames.Where(told.ContainsKey).ToDictionary(name => name, name => told[name]));
    }

    /// <summary>"8:0 rbytes=4096 wbytes=0 rios=1 …".</summary>
    private static List<DeviceTransfer> Transfers(string text)
    {
        var transfers = new List<DeviceTransfer>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[0].Split(':') is not [var major, var minor]) continue;
            foreach (var (key, direction) in new[] { ("rbytes=", "read"), ("wbytes=", "write") })
            {
                if (fields.FirstOrDefault(field => field.StartsWith(key, StringComparison.Ordinal)) is { } field)
                    transfers.Add(new DeviceTransfer(CounterFiles.Number(major), CounterFiles.Number(minor), direction, CounterFiles.Number(field.AsSpan(key.Length))));
            }
        }

        return transfers;
    }
}
