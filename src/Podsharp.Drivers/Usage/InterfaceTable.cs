using Podsharp.Core.Runtime;

namespace Podsharp.Drivers.Usage;

/// <summary>proc_pid_net(5), "dev": a line for each interface of the process's network, loopback left out.</summary>
internal static class InterfaceTable
{
    public static IReadOnlyDictionary<string, InterfaceUsage> Parse(string text)
    {
        var interfaces = new Dictionary<string, InterfaceUsage>();
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line[..colon].Trim() is not ({ Length: > 0 } and not "lo" and var name)) continue;
            var columns = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 12) continue;
            interfaces[name] = new InterfaceUsage(
                Column(0), Column(1), Column(2), Column(3),
                Column(8), Column(9), Column(10), Column(11));

            ulong Column(int index) => CounterFiles.Number(columns[index]);
        }

        return interfaces;
    }
}
