namespace Podsharp.Linux.Files;

/// <summary>Whole trees, walked by descriptors so that nobody can swap a link in on the way.</summary>
public static class FileTree
{
    // Each level of a walk holds a descriptor. A container may nest directories far deeper than a process has descriptors.
    private const int MaximumDepth = 128;

    /// <summary>Of <see cref="FileStatus.Blocks"/>, in bytes, whatever the file system's own is.</summary>
    public const int BlockSize = 512;

    /// <summary>Removes a file or a directory with all below it; no error when it is gone. Mount points below make it fail.</summary>
    public static void Remove(DirectoryHandle parent, string name)
    {
        var deep = new Queue<string>([name]);
        for (var moved = 0; deep.TryDequeue(out var next);) Remove(parent, parent, next, 0, deep, ref moved);
    }

    /// <summary>Whether something is mounted at or below a name, in the mount namespace that the directory was opened in.</summary>
    public static bool HoldsMount(DirectoryHandle parent, string name) => HoldsMount(parent, name, 0);

    /// <summary>Removes what is at a trusted path.</summary>
    public static void Remove(string path)
    {
        if (Path.GetDirectoryName(path) is not { Length: > 0 } parentPath || !Directory.Exists(parentPath)) return;
        using var parent = DirectoryHandle.Open(parentPath);
        Remove(parent, Path.GetFileName(path));
    }

    /// <summary>Bytes on disk of all below a trusted path, hard links counted once; zero when it is not there.</summary>
    public static long Size(string path)
    {
        if (!Directory.Exists(path)) return 0;
        using var root = DirectoryHandle.Open(path);
        return Size(root, [], 0);
    }

    /// <summary>Bytes of the disk's blocks that all below a trusted path take, itself included, hard links counted once; zero when it is not there. Mounts are not entered.</summary>
    public static long DiskUsage(string path)
    {
        using var root = DirectoryHandle.TryOpen(path);
        return root is null ? 0 : ((root.Status()?.Blocks ?? 0) + Blocks(root, [], 0)) * BlockSize;
    }

    private static void Remove(DirectoryHandle top, DirectoryHandle parent, string name, int depth, Queue<string> deep, ref int moved)
    {
        if (parent.Status(name) is not { } status) return;
        if (status.Kind != FileKind.Directory)
        {
            parent.Unlink(name);
            return;
        }

        if (depth == MaximumDepth)
        {
            var higher = $".removing-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-{moved++}";
            parent.Rename(name, top, higher);
            deep.Enqueue(higher);
            return;
        }

        using (var directory = parent.OpenDirectory(name, PathResolution.NoSymbolicLinks | PathResolution.NoMounts))
        {
            foreach (var child in directory.List()) Remove(top, directory, child, depth + 1, deep, ref moved);
        }

        parent.RemoveDirectory(name);
    }

    private static bool HoldsMount(DirectoryHandle parent, string name, int depth)
    {
        if (parent.IsMountPoint(name)) return true;
        if (depth == MaximumDepth || parent.Status(name) is not { Kind: FileKind.Directory }) return false;
        using var directory = parent.TryOpenDirectory(name, PathResolution.NoSymbolicLinks | PathResolution.NoMounts, out _);
        return directory is not null && directory.List().Any(child => HoldsMount(directory, child, depth + 1));
    }

    private static long Size(DirectoryHandle directory, HashSet<(ulong, ulong)> linked, int depth)
    {
        var total = 0L;
        foreach (var name in directory.List())
        {
            if (directory.Status(name) is not { } status) continue;
            if (status.Kind == FileKind.Directory)
            {
                // What lies deeper is too little to count.
                if (depth == MaximumDepth) continue;
                using var child = directory.TryOpenDirectory(name, PathResolution.NoSymbolicLinks | PathResolution.NoMounts, out _);
                if (child is not null) total += Size(child, linked, depth + 1);
            }
            else if (status.Kind == FileKind.Regular && (status.Links < 2 || linked.Add((status.FileSystem, status.Inode))))
            {
                total += status.Size;
            }
        }

        return total;
    }

    private static long Blocks(DirectoryHandle directory, HashSet<(ulong, ulong)> linked, int depth)
    {
        var total = 0L;
        foreach (var name in directory.List())
        {
            if (directory.Status(name) is not { } status) continue;
            if (status.Kind == FileKind.Directory || status.Links < 2 || linked.Add((status.FileSystem, status.Inode))) total += status.Blocks;
            if (status.Kind != FileKind.Directory || depth == MaximumDepth) continue;
            using var child = directory.TryOpenDirectory(name, PathResolution.NoSymbolicLinks | PathResolution.NoMounts, out _);
            if (child is not null) total += Blocks(child, linked, depth + 1);
        }

        return total;
    }
}
