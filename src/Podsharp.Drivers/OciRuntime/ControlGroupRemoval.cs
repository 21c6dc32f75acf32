using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>Ends what is left in a container's control group and takes the group away in every hierarchy (cgroups(7)).</summary>
internal static class ControlGroupRemoval
{
    private const string Top = "/sys/fs/cgroup";
    private const int Kill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <param name="path">As in the OCI spec, from the top of each hierarchy: "/podsharp/ID".</param>
    public static async Task RunAsync(string path, CancellationToken cancellationToken)
    {
        var left = Hierarchies().Select(hierarchy => Path.Join(hierarchy, path)).Where(Directory.Exists).ToList();
        if (left.Count == 0) return;

        var end = TimeProvider.System.GetTimestamp() + (long)(Patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause * 2 > LongestPause ? LongestPause : pause * 2)
        {
            foreach (var group in left) EndProcesses(group);
            left.RemoveAll(TryRemove);
            if (left.Count == 0) return;
            if (TimeProvider.System.GetTimestamp() > end) throw EngineException.Internal($"control group {left[0]} cannot be removed: processes in it do not end");
            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>Where hierarchies are mounted: one on cgroup v2, one for each set of controllers on v1.</summary>
    private static IEnumerable<string> Hierarchies()
    {
        if (File.Exists(Path.Join(Top, "cgroup.controllers"))) return [Top];
        return Directory.Exists(Top)
            ? new DirectoryInfo(Top).EnumerateDirectories().Where(static entry => entry.LinkTarget is null).Select(static entry => entry.FullName)
            : [];
    }

    private static void EndProcesses(string group)
    {
        foreach (var directory in WithChildren(group))
        {
            // All at once where the kernel can (v2 since Linux 5.14): nothing forks away from it.
            if (TryKillAll(directory)) return;
            foreach (var pid in Pids(directory))
            {
                using var process = PidDescriptor.Open(pid);
                if (process is not null) PidDescriptor.Signal(process, Kill);
            }

            Thaw(directory);
        }
    }

    // On v1 a frozen process dies only when it is thawed.
    private static void Thaw(string directory)
    {
        var state = Path.Join(directory, "freezer.state");
        if (File.Exists(state)) File.WriteAllText(state, "THAWED");
    }

    private static bool TryKillAll(string directory)
    {
        var file = Path.Join(directory, "cgroup.kill");
        if (!File.Exists(file)) return false;
        try
        {
            File.WriteAllText(file, "1");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IEnumerable<int> Pids(string directory)
    {
        try
        {
            return File.ReadAllLines(Path.Join(directory, "cgroup.procs")).Select(static line => int.Parse(line, CultureInfo.InvariantCulture)).Where(static pid => pid > 0);
        }
        catch (IOException)
        {
            return [];
        }
    }

    // The deepest first: a container may have made groups below its own.
    private static bool TryRemove(string group)
    {
        foreach (var directory in WithChildren(group))
        {
            try
            {
                // The files of a control group go with it: rmdir(2) is meant, not a recursive removal.
                Directory.Delete(directory, recursive: false);
            }
            catch (DirectoryNotFoundException)
            {
            }
            catch (IOException)
            {
                return false;
            }
        }

        return true;
    }

    private static List<string> WithChildren(string group)
    {
        try
        {
            var found = Directory.GetDirectories(group, "*", SearchOption.AllDirectories).OrderByDescending(static path => path.Length).ToList();
            found.Add(group);
            return found;
        }
        catch (DirectoryNotFoundException)
        {
            return [group];
        }
    }
}
