using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Archives;

/// <summary>
/// Unpacks a tar into a directory of a root that is in use: what is there is replaced, links within the root are followed on the way to an entry,
/// and the kernel resolves every path below the root.
/// </summary>
/// <param name="root">The container's "/".</param>
/// <param name="destination">Absolute path in the root, free of links.</param>
internal sealed class PathExtractor(DirectoryHandle root, string destination, ExtractionRules rules) : IDisposable
{
    private const int ImpliedMode = 0b111_101_101;
    private readonly List<(string Path, FileTime Modified)> _directoryTimes = [];
    private DirectoryHandle? _parent;
    private string? _parentPath;

    public void Extract(Stream tar, CancellationToken cancellationToken)
    {
        var reader = new TarReader(tar);
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Kind != TarKind.Skipped) Apply(entry, reader, cancellationToken);
        }

        foreach (var (path, modified) in _directoryTimes) SetDirectoryTime(path, modified);
    }

    public void Dispose() => _parent?.Dispose();

    private void Apply(TarEntry entry, TarReader reader, CancellationToken cancellationToken)
    {
        var path = Below(entry.Name) ?? throw EngineException.InvalidInput($"\"{entry.Name}\" is outside of \"{destination}\"");
        if (path == destination)
        {
            // The directory itself is the receiver's: it keeps owner, mode and time.
            if (entry.Kind == TarKind.Directory) return;
            throw EngineException.InvalidInput($"cannot overwrite directory \"{path}\" with non-directory \"{destination}\"");
        }

        var (parentPath, name) = LayerPath.Split(path);
        MakeRoom(Parent(parentPath), name, path, entry);
        var parent = Parent(parentPath);
        if (entry.Kind == TarKind.File) CreateFile(parent, name, entry, reader, cancellationToken);
        else if (entry.Kind == TarKind.Directory) MakeDirectory(parent, name, path, entry);
        else if (entry.Kind == TarKind.HardLink) Link(parent, name, path, entry);
        else CreateNode(parent, name, path, entry);
    }

    /// <summary>Takes away what is in the entry's place; a directory stays for a directory.</summary>
    private void MakeRoom(DirectoryHandle parent, string name, string path, TarEntry entry)
    {
        if (parent.Status(name) is not { } present) return;
        var (isDirectory, becomesDirectory) = (present.Kind == FileKind.Directory, entry.Kind == TarKind.Directory);
        if (isDirectory && becomesDirectory) return;
        if (rules.KeepForm && isDirectory)
            throw EngineException.InvalidInput($"cannot overwrite directory \"{path}\" with non-directory \"{destination}\"");
        if (rules.KeepForm && becomesDirectory)
            throw EngineException.InvalidInput($"cannot overwrite non-directory \"{path}\" with directory \"{destination}\"");
        // Seen from outside of the container the kernel lets a mounted file go, and takes the mount away with it.
        if (parent.IsMountPoint(name))
            throw EngineException.Conflict($"\"{path}\" is mounted in the container and cannot be replaced: device or resource busy; write into it from within the container");
        if (isDirectory && FileTree.HoldsMount(parent, name))
            throw EngineException.Conflict($"\"{path}\" holds what is mounted in the container and cannot be replaced: device or resource busy");
        FileTree.Remove(parent, name);
        // The path that led to the parent may have gone through it.
        LeaveParent();
    }

    private void CreateFile(DirectoryHandle parent, string name, TarEntry entry, TarReader reader, CancellationToken cancellationToken)
    {
        using var file = parent.TryCreateFile(name, 0b110_000_000, out var error) ?? throw new SystemCallException($"create {entry.Name}", error);
        foreach (var extent in entry.Extents ?? [new TarExtent(0, entry.StoredSize)])
        {
            if (extent.Offset > 0) FileHandles.Seek(file, extent.Offset);
            for (var left = extent.Length; left > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var data = reader.TakeData(left);
                FileHandles.Write(file, data);
                left -= data.Length;
            }
        }

        if (entry.Extents is not null) FileHandles.SetLength(file, entry.Size);
        var (userId, groupId) = OwnerOf(entry);
        FileHandles.ChangeOwner(file, userId, groupId);
        // A change of owner takes set-id bits and capabilities away: they come after it.
        FileHandles.ChangeMode(file, entry.Mode);
        LayerAttributes.Set(file, entry);
        FileHandles.SetModified(file, entry.Modified);
    }

    private void MakeDirectory(DirectoryHandle parent, string name, string path, TarEntry entry)
    {
        parent.MakeDirectory(name, 0b111_000_000);
        using var directory = parent.OpenDirectory(name, PathResolution.NoSymbolicLinks);
        var (userId, groupId) = OwnerOf(entry);
        directory.ChangeOwner("", userId, groupId);
        LayerAttributes.Set(directory.Handle, entry);
        directory.ChangeMode(entry.Mode);
        // What comes into it later changes its time: set at the end.
        _directoryTimes.Add((path, entry.Modified));
    }

    private void Link(DirectoryHandle parent, string name, string path, TarEntry entry)
    {
        var target = Below(entry.LinkTarget) ?? throw EngineException.InvalidInput($"invalid hardlink \"{path}\" -> \"{entry.LinkTarget}\"");
        var (targetParent, targetName) = LayerPath.Split(target);
        using var from = root.TryOpenDirectory(targetParent, PathResolution.InRoot, out _);
        if (from?.Status(targetName) is null)
            throw EngineException.InvalidInput($"invalid hardlink \"{path}\" -> \"{entry.LinkTarget}\": no such file");
        parent.MakeLink(from, targetName, name);
    }

    private void CreateNode(DirectoryHandle parent, string name, string path, TarEntry entry)
    {
        switch (entry.Kind)
        {
            case TarKind.SymbolicLink:
                CheckLink(path, entry);
                parent.MakeSymbolicLink(name, entry.LinkTarget);
                break;
            case TarKind.Pipe: parent.MakeNode(name, FileKind.Pipe, 0b110_000_000); break;
            // Nobody but the machine's root makes devices.
            case TarKind.CharacterDevice or TarKind.BlockDevice when LayerAttributes.InUserNamespace: return;
            default:
                var kind = entry.Kind == TarKind.BlockDevice ? FileKind.BlockDevice : FileKind.CharacterDevice;
                parent.MakeNode(name, kind, 0b110_000_000, entry.DeviceMajor, entry.DeviceMinor);
                break;
        }

        var (userId, groupId) = OwnerOf(entry);
        parent.ChangeOwner(name, userId, groupId);
        if (entry.Kind != TarKind.SymbolicLink) parent.ChangeMode(name, entry.Mode);
        LayerAttributes.Set(parent, name, entry);
        parent.SetModified(name, entry.Modified);
    }

    /// <summary>A relative link that climbs above the destination is refused; an absolute one is the container's own affair.</summary>
    private void CheckLink(string path, TarEntry entry)
    {
        if (entry.LinkTarget.Length == 0) throw EngineException.InvalidInput($"the symbolic link \"{path}\" has no target");
        var depth = path[destination.Length..].Trim('/').Count(letter => letter == '/');
        foreach (var part in entry.LinkTarget.Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0 && !IsRoot) throw EngineException.InvalidInput($"invalid symlink \"{path}\" -> \"{entry.LinkTarget}\"");
        }
    }

    private bool IsRoot => destination == "/";

    private (uint UserId, uint GroupId) OwnerOf(TarEntry entry) => rules.Owner ?? (entry.UserId, entry.GroupId);

    /// <summary>The name as a path below the destination; null when it climbs out of it.</summary>
    private string? Below(string name)
    {
        var parts = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (!name.StartsWith('/')) return null;
        }

        if (parts.Count == 0) return destination;
        return $"{destination.TrimEnd('/')}/{string.Join('/', parts)}";
    }

    /// <summary>The directory of an entry, made with its own parents where it is missing. Entries of one directory follow each other.</summary>
    private DirectoryHandle Parent(string path)
    {
        if (_parent is not null && _parentPath == path) return _parent;
        LeaveParent();
        _parent = RootedFiles.MakeDirectories(root, path, 0, 0, ImpliedMode);
        _parentPath = path;
        return _parent;
    }

    private void LeaveParent()
    {
        _parent?.Dispose();
        _parent = null;
    }

    private void SetDirectoryTime(string path, FileTime modified)
    {
        var (parent, name) = LayerPath.Split(path);
        using var directory = root.TryOpenDirectory(parent, PathResolution.InRoot, out _);
        // A later entry, or a process of the container, may have made it something else.
        if (directory?.Status(name) is { Kind: FileKind.Directory }) directory.SetModified(name, modified);
    }
}
