namespace Podsharp.Drivers.Usage;

/// <summary>What the whole machine has spent and has.</summary>
/// <param name="ProcessorTime">Nanoseconds of all processors since boot, idle ones included.</param>
internal sealed record MachineCounters(ulong ProcessorTime, int Processors, ulong Memory)
{
    private const ulong Tick = 1_000_000_000 / 100;

    // user, nice, system, idle, iowait, irq, softirq: what the clients' arithmetic counts on.
    private const int Columns = 7;

    /// <param name="text">Of proc_stat(5).</param>
    public static MachineCounters Parse(string text, ulong memory)
    {
        var (time, processors) = (0UL, 0);
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith("cpu", StringComparison.Ordinal)) break;
            if (line[3] != ' ')
            {
                processors++;
                continue;
            }

            foreach (var column in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Columns)) time += CounterFiles.Number(column) * Tick;
        }

        return new MachineCounters(time, processors, memory);
    }
}
