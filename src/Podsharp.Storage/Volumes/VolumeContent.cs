using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Databases;

namespace Podsharp.Storage.Volumes;

/// <summary>
/// The first content of volumes. It is copied beside the volume and then moved in: whenever a service is killed, the volume holds the whole of a
/// file or none of it, and the next start goes on where it ended. Containers that start with the same volume take turns. It is written to the disk
/// beside the start: the kernel would keep it for half a minute, and a power cut leave names of files without their bytes.
/// </summary>
internal sealed class VolumeContent
{
    // Half made: belongs to nobody.
    private const string Copying = ".podsharp-copying";

    // Whole, and on its way in.
    private const string Copied = ".podsharp-copied";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private Task _written = Task.CompletedTask;

    /// <summary>Fills the volume when it is empty with what the directory below a mounted root holds; its owner, mode, attributes and time too.</summary>
    public async Task CopyUpAsync(string volumePath, string rootPath, string directory, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (Begin(volumePath, ended.Task) is { } other) await other.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(() => CopyUp(volumePath, rootPath, directory, cancellationToken), cancellationToken);
        }
        finally
        {
            lock (_gate) _underWay.Remove(volumePath);
            ended.SetResult();
        }
    }

    private Task? Begin(string volumePath, Task mine)
    {
        lock (_gate) return _underWay.TryAdd(volumePath, mine) ? null : _underWay[volumePath];
    }

    private void CopyUp(string volumePath, string rootPath, string directory, CancellationToken cancellationToken)
    {
        using var into = DirectoryHandle.Open(volumePath);
        using var beside = OpenBeside(volumePath);
        try
        {
            FileTree.Remove(beside, Copying);
            if (beside.Status(Copied) is null && !Copy(beside, into, rootPath, directory, cancellationToken)) return;
            MoveIn(beside, into);
            WriteOut(volumePath);
        }
        catch (Exception e)
        {
            FileTree.Remove(beside, Copying);
            throw StorageErrors.Translate(e, $"the image's content of {directory} cannot be copied into the volume");
        }
    }

    // What is mounted on the volume is another file system, where nothing can be moved to: there the copy lies in the volume itself.
    private static DirectoryHandle OpenBeside(string volumePath)
    {
        var parent = DirectoryHandle.Open(Path.GetDirectoryName(volumePath)!);
        if (!parent.IsMountPoint(Path.GetFileName(volumePath))) return parent;
        parent.Dispose();
        return DirectoryHandle.Open(volumePath);
    }

    // False when there is nothing to move in.
    private static bool Copy(DirectoryHandle beside, DirectoryHandle into, string rootPath, string directory, CancellationToken cancellationToken)
    {
        if (into.List().Count > 0) return false;
        using var root = DirectoryHandle.Open(rootPath);
        using var from = root.TryOpenDirectory(directory, PathResolution.InRoot, out _);
        if (from is null) return false;
        if (from.List().Count == 0)
        {
            TreeCopy.CopyOwn(from, into);
            return false;
        }

        beside.MakeDirectory(Copying, 0b111_000_000);
        using (var copying = beside.OpenDirectory(Copying, PathResolution.NoSymbolicLinks)) new TreeCopy(cancellationToken).CopyContent(from, copying);
        beside.Rename(Copying, beside, Copied);
        return true;
    }

    private static void MoveIn(DirectoryHandle beside, DirectoryHandle into)
    {
        using (var copied = beside.OpenDirectory(Copied, PathResolution.NoSymbolicLinks))
        {
            var modified = copied.Status()!.Value.Modified;
            // A container that runs with the volume may have made something of the same name: that stays.
            foreach (var name in copied.List()) copied.TryRename(name, into, name);
            TreeCopy.CopyOwn(copied, into);
            into.SetModified("", modified);
        }

        FileTree.Remove(beside, Copied);
    }

    // One after the other: each holds a thread while the disk is busy.
    private void WriteOut(string volumePath)
    {
        lock (_gate) _written = _written.ContinueWith(_ => Sync(volumePath), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static void Sync(string volumePath)
    {
        try
        {
            using var volume = DirectoryHandle.TryOpen(volumePath);
            volume?.SyncFileSystem();
        }
        catch (SystemCallException)
        {
            // The kernel tells of a disk that fails, and whoever reads the files does.
        }
    }
}
