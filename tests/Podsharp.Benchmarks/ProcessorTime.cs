namespace Podsharp.Benchmarks;

internal static class ProcessorTime
{
    private const int TicksASecond = 100;

    /// <returns>Seconds, user and system, of a process and of its children that have ended.</returns>
    public static double Of(int pid)
    {
        // proc(5): the fields after the command's closing bracket begin with the third; 14 to 17 are utime, stime, cutime, cstime.
        var line = File.ReadAllText($"/proc/{pid}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(long.Parse) / (double)TicksASecond;
    }
}
