using Podsharp.Core.Containers;
using Podsharp.Core.Host;

namespace Podsharp.Engine.Containers;

/// <summary>
/// Limits that this machine's kernel does not have. Clients send them to every machine alike, so they are left out with a word to the user; the
/// runtime would refuse the start.
/// </summary>
internal static class KernelLimits
{
    /// <param name="warnings">Gets a sentence for each limit that is left out.</param>
    public static ResourceLimits Kept(ResourceLimits asked, HostFacts host, List<string> warnings)
    {
        var kept = asked;
        if (asked.Memory > 0 && !host.SwapLimit)
            warnings.Add("Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
        if (host.CgroupVersion == 2 && asked.MemorySwappiness is not null)
        {
            kept = kept with { MemorySwappiness = null };
            warnings.Add("Your kernel does not support memory swappiness (cgroup v2 has none). Memory swappiness discarded.");
        }

        if (host.CgroupVersion == 2 && asked.DisableOomKiller is true)
        {
            kept = kept with { DisableOomKiller = null };
            warnings.Add("Your kernel does not support disabling the OOM killer (cgroup v2 cannot). OomKillDisable discarded.");
        }

        if (host.BlockWeight) return kept;
        if (asked.BlkioWeight != 0) warnings.Add("Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.");
        if (asked.BlkioWeightDevice.Count > 0)
            warnings.Add("Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.");
        return kept with { BlkioWeight = 0, BlkioWeightDevice = [] };
    }
}
