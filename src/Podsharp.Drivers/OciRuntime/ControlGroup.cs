using System.Globalization;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>A container's control group, found by what proc_pid_cgroup(5) said of its init.</summary>
internal static class ControlGroup
{
    private const string Mounts = "/sys/fs/cgroup";

    // Any hierarchy that the runtime always fills would do; these are the ones it does on v1.
    private static readonly string[] Hierarchies = ["pids", "freezer", "memory", "devices", "cpu"];

    /// <summary>Pids in it and below.</summary>
    public static IReadOnlyList<int> Processes(Bundle bundle, int init)
    {
        var membership = ReadOrEmpty(bundle.ControlGroupFile);
        if (membership.Length == 0) membership = ReadOrEmpty($"/proc/{init}/cgroup");
        if (Locate(membership) is not { } directory || !Directory.Exists(directory)) return SameNamespace(init);

        var pids = new SortedSet<int>();
        foreach (var group in Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories).Prepend(directory))
        {
            foreach (var line in ReadOrEmpty(Path.Join(group, "cgroup.procs")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                pids.Add(int.Parse(line, CultureInfo.InvariantCulture));
            }
        }

        pids.Remove(0);
        return [.. pids];
    }

    /// <summary>The directory of the group; null when it is the root group, that is, none of its own.</summary>
    internal static string? Locate(string membership)
    {
        string? unified = null;
        var byHierarchy = new Dictionary<string, string>();
        foreach (var line in membership.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(':', 3);
            if (fields.Length < 3 || fields[2] is "/" or "") continue;
            if (fields[1].Length == 0) unified = fields[2];
            foreach (var controller in fields[1].Split(',')) byHierarchy[controller] = Path.Join(Mounts, fields[1], fields[2]);
        }

        foreach (var hierarchy in Hierarchies)
        {
            if (byHierarchy.TryGetValue(hierarchy, out var directory)) return directory;
        }

        if (unified is null) return null;
        return Path.Join(Mounts, File.Exists(Path.Join(Mounts, "cgroup.controllers")) ? "" : "unified", unified);
    }

    private static List<int> SameNamespace(int init)
    {
        var wanted = Namespace(init);
        var pids = new List<int>();
        if (wanted is null) return pids;
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), CultureInfo.InvariantCulture, out var pid) && Namespace(pid) == wanted) pids.Add(pid);
        }

        pids.Sort();
        return pids;
    }

    private static string? Namespace(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/ns/pid", returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
