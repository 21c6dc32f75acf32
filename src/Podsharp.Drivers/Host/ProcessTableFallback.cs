using System.Globalization;

namespace Podsharp.Drivers.Host;

/// <summary>The columns of <c>ps -ef</c> from /proc, where the host has no ps.</summary>
internal static class ProcessTableFallback
{
    private static readonly string[] Titles = ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"];

    public static (IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows) Read(IReadOnlyList<int> pids) =>
        (Titles, [.. pids.Select(Row).OfType<IReadOnlyList<string>>()]);

    private static IReadOnlyList<string>? Row(int pid)
    {
        var stat = FactReader.Text($"/proc/{pid}/stat");
        var close = stat.LastIndexOf(')');
        if (close < 0) return null;
        // From field 3, the state.
        var fields = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..close];
        var command = FactReader.Text($"/proc/{pid}/cmdline").TrimEnd('\0').Replace('\0', ' ');
        var uid = FactReader.Text($"/proc/{pid}/status").Split('\n').FirstOrDefault(static line => line.StartsWith("Uid:", StringComparison.Ordinal));
        var ticks = Number(fields[11]) + Number(fields[12]);
        var started = DateTime.Now - TimeSpan.FromMilliseconds(Environment.TickCount64) + TimeSpan.FromMilliseconds(Number(fields[19]) * 10);
        return
        [
            uid?.Split('\t')[1] ?? "0",
            pid.ToString(CultureInfo.InvariantCulture),
            fields[1],
            "0",
            started.ToString("HH:mm", CultureInfo.InvariantCulture),
            "?",
            TimeSpan.FromMilliseconds(ticks * 10).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
            command.Length > 0 ? command : $"[{name}]",
        ];
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
