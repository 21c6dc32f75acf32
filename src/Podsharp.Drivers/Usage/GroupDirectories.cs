namespace Podsharp.Drivers.Usage;

/// <summary>Where a process's control groups are, by controller (proc_pid_cgroup(5)).</summary>
internal sealed class GroupDirectories
{
    private readonly Dictionary<string, string> _byController = new(StringComparer.Ordinal);
    private readonly string? _unified;

    /// <param name="mounts">/sys/fs/cgroup.</param>
    public GroupDirectories(string membership, string mounts)
    {
        IsUnified = File.Exists(Path.Join(mounts, "cgroup.controllers"));
        foreach (var line in membership.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A root group's numbers are the machine's, not the container's.
            var fields = line.Split(':', 3);
            if (fields.Length < 3 || fields[2] is "" or "/") continue;
            if (fields[1].Length == 0) _unified = Path.Join(mounts, fields[2]);
            foreach (var controller in fields[1].Split(',', StringSplitOptions.RemoveEmptyEntries)) _byController[controller] = Path.Join(mounts, fields[1], fields[2]);
        }
    }

    /// <summary>Version 2 alone.</summary>
    public bool IsUnified { get; }

    /// <summary>Null where the process has no group of its own.</summary>
    public string? this[string controller] => IsUnified ? _unified : _byController.GetValueOrDefault(controller);
}
