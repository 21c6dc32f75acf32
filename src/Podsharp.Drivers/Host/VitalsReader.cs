using System.Globalization;
using Podsharp.Core.Host;

namespace Podsharp.Drivers.Host;

/// <summary>Reads <see cref="HostVitals"/> from the texts of /proc.</summary>
internal static class VitalsReader
{
    public static HostVitals Read(string storeRoot)
    {
        var memory = FactReader.Text("/proc/meminfo");
        var (user, system, idle) = ProcessorShares(FactReader.Text("/proc/stat"));
        var (allocated, used) = Disk(storeRoot);
        return new HostVitals(
            Memory(memory, "MemFree"), Memory(memory, "SwapTotal"), Memory(memory, "SwapFree"), Uptime(FactReader.Text("/proc/uptime")), user, system, idle, allocated, used);
    }

    /// <summary>Bytes of a field of /proc/meminfo; 0 when it is not there.</summary>
    public static long Memory(string text, string field)
    {
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words is [_, var kilobytes, ..] && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * 1024 : 0;
    }

    /// <summary>Percents out of the first line of /proc/stat: user with nice, system with interrupts, and all the rest.</summary>
    public static (double User, double System, double Idle) ProcessorShares(string text)
    {
        var times = text.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(static word => double.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        if (times.Length < 7) return (0, 0, 0);
        var (user, system, idle) = (times[0] + times[1], times[2] + times[5] + times[6], times[3] + times[4]);
        var total = user + system + idle;
        return total == 0 ? (0, 0, 0) : (Percent(user), Percent(system), Percent(idle));

        double Percent(double part) => Math.Round(part / total * 100, 2);
    }

    /// <summary>Ranges of a uid_map or gid_map.</summary>
    public static IReadOnlyList<IdRange> IdMap(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(static fields => fields.Length == 3)
            .Select(static fields => new IdRange(Number(fields[0]), Number(fields[1]), Number(fields[2]))),
    ];

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static TimeSpan Uptime(string text) =>
        double.TryParse(text.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Floor(seconds)) : default;

    private static (long Allocated, long Used) Disk(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return (drive.TotalSize, drive.TotalSize - drive.TotalFreeSpace);
        }
        catch (IOException)
        {
            return (0, 0);
        }
    }
}
