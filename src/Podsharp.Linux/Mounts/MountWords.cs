namespace Podsharp.Linux.Mounts;

/// <summary>The words of mount(8) as mount(2) takes them: flags, how the mount passes others on, and what is left for the file system.</summary>
/// <param name="Flags">Without those of propagation.</param>
/// <param name="Propagation">At most one, set by a call of its own; with <see cref="MountFlags.Recursive"/> where it starts with r.</param>
public sealed record MountWords(MountFlags Flags, MountFlags Propagation, string Data)
{
    public static MountWords Parse(IEnumerable<string> words)
    {
        var (flags, propagation) = (MountFlags.None, MountFlags.None);
        var data = new List<string>();
        foreach (var word in words)
        {
            if (PropagationOf(word) is { } passing) propagation = passing;
            else if (Switch(word) is not { } change) data.Add(word);
            else flags = change.On ? flags | change.Flag : flags & ~change.Flag;
        }

        return new MountWords(flags, propagation, string.Join(',', data));
    }

    private static MountFlags? PropagationOf(string word) => word switch
    {
        "private" => MountFlags.Private,
        "rprivate" => MountFlags.Private | MountFlags.Recursive,
        "shared" => MountFlags.Shared,
        "rshared" => MountFlags.Shared | MountFlags.Recursive,
        "slave" => MountFlags.Slave,
        "rslave" => MountFlags.Slave | MountFlags.Recursive,
        "unbindable" => MountFlags.Unbindable,
        "runbindable" => MountFlags.Unbindable | MountFlags.Recursive,
        _ => null,
    };

    private static (MountFlags Flag, bool On)? Switch(string word) => word switch
    {
        "defaults" or "nofail" or "_netdev" => (MountFlags.None, true),
        "ro" => (MountFlags.ReadOnly, true),
        "rw" => (MountFlags.ReadOnly, false),
        "nosuid" => (MountFlags.NoSetId, true),
        "suid" => (MountFlags.NoSetId, false),
        "nodev" => (MountFlags.NoDevices, true),
        "dev" => (MountFlags.NoDevices, false),
        "noexec" => (MountFlags.NoExecution, true),
        "exec" => (MountFlags.NoExecution, false),
        "sync" => (MountFlags.Synchronous, true),
        "async" => (MountFlags.Synchronous, false),
        "dirsync" => (MountFlags.DirectorySync, true),
        "mand" => (MountFlags.MandatoryLocks, true),
        "nomand" => (MountFlags.MandatoryLocks, false),
        "noatime" => (MountFlags.NoAccessTime, true),
        "atime" => (MountFlags.NoAccessTime, false),
        "nodiratime" => (MountFlags.NoDirectoryAccessTime, true),
        "diratime" => (MountFlags.NoDirectoryAccessTime, false),
        "relatime" => (MountFlags.RelativeAccessTime, true),
        "norelatime" => (MountFlags.RelativeAccessTime, false),
        "strictatime" => (MountFlags.StrictAccessTime, true),
        "nostrictatime" => (MountFlags.StrictAccessTime, false),
        "bind" => (MountFlags.Bind, true),
        "rbind" => (MountFlags.Bind | MountFlags.Recursive, true),
        "remount" => (MountFlags.Remount, true),
        _ => null,
    };
}
