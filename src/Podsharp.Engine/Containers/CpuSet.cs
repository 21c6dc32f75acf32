using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;

namespace Podsharp.Engine.Containers;

/// <summary>Processors and memory nodes that a container asks for: their number, and lists as the kernel writes them, "0-3,7".</summary>
internal static class CpuSet
{
    /// <summary>InvalidInput when one is asked for that this machine has not.</summary>
    public static void Check(ResourceLimits limits, HostFacts host)
    {
        Check(limits.CpusetCpus, host.OnlineProcessors, "cpus", "CPUs");
        Check(limits.CpusetMems, host.MemoryNodes, "mems", "memory nodes");
        if (limits.NanoCpus > host.Processors * 1_000_000_000L)
            throw EngineException.InvalidInput(
                string.Create(CultureInfo.InvariantCulture, $"Range of CPUs is from 0.01 to {host.Processors:F2}, as there are only {host.Processors} CPUs available"));
    }

    private static void Check(string? asked, string available, string what, string words)
    {
        if (string.IsNullOrEmpty(asked)) return;
        var there = Ranges(available).ToList();
        foreach (var (first, last) in Ranges(asked))
        {
            if (first > last) throw EngineException.InvalidInput($"Invalid value {asked} for cpuset {what}: invalid format: {asked}");
            if (!IsCovered(first, last, there))
                throw EngineException.InvalidInput($"Requested {words} are not available - requested {asked}, available: {available}");
        }
    }

    // Ranges that touch are one.
    private static bool IsCovered(long first, long last, List<(long First, long Last)> there)
    {
        foreach (var range in there.OrderBy(static range => range.First))
            if (range.First <= first && range.Last >= first) first = range.Last + 1;
        return first > last;
    }

    private static IEnumerable<(long First, long Last)> Ranges(string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2);
            yield return (Number(ends[0]), Number(ends[^1]));
        }
    }

    // More digits than a number holds: more than any machine has.
    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue - 1;
}
