using System.Globalization;
using Podsharp.Core.Containers;

namespace Podsharp.Drivers.Host;

/// <summary>/proc/self/limits: a name with spaces in 26 columns, then the soft and the hard limit.</summary>
internal static class ProcessLimits
{
    private const int NameWidth = 26;

    private static readonly Dictionary<string, string> Names = new()
    {
        ["Max cpu time"] = "cpu",
        ["Max file size"] = "fsize",
        ["Max data size"] = "data",
        ["Max stack size"] = "stack",
        ["Max core file size"] = "core",
        ["Max resident set"] = "rss",
        ["Max processes"] = "nproc",
        ["Max open files"] = "nofile",
        ["Max locked memory"] = "memlock",
        ["Max address space"] = "as",
        ["Max file locks"] = "locks",
        ["Max pending signals"] = "sigpending",
        ["Max msgqueue size"] = "msgqueue",
        ["Max nice priority"] = "nice",
        ["Max realtime priority"] = "rtprio",
        ["Max realtime timeout"] = "rttime",
    };

    public static IReadOnlyList<UserLimit> Parse(string text)
    {
        var limits = new List<UserLimit>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length <= NameWidth || !Names.TryGetValue(line[..NameWidth].Trim(), out var name)) continue;
            var fields = line[NameWidth..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            limits.Add(new UserLimit(name, Value(fields[0]), Value(fields[1])));
        }

        return limits;
    }

    private static long Value(string field) => field == "unlimited" ? -1 : long.Parse(field, CultureInfo.InvariantCulture);
}
