using System.Diagnostics;
using System.Text;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Calls of netavark and of iptables-restore that a killed service has left at work. Two at once break each other's firewall chains, and what one of them adds after
/// its container was torn down nobody would ever take away.
/// </summary>
internal static class OrphanedCalls
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when none is left. Only for a service that has no call of its own under way.</summary>
    /// <param name="directory">Of the calls' configuration, by which they are known.</param>
    public static async Task WaitAsync(string directory)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Limit && Directory.EnumerateDirectories("/proc").Any(process => IsCall(process, directory))) await Task.Delay(Pause);
    }

    private static bool IsCall(string process, string directory)
    {
        if (!char.IsAsciiDigit(Path.GetFileName(process)[0])) return false;
        try
        {
            var name = File.ReadAllText(process + "/comm").TrimEnd();
            // Whose these are cannot be told; they are over at once.
            if (name == "iptables-restor") return true;
            if (name != "netavark") return false;
            return Encoding.UTF8.GetString(File.ReadAllBytes(process + "/cmdline")).Split('\0').Contains(directory);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
