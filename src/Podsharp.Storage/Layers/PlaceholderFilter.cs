using Podsharp.Linux.Files;

namespace Podsharp.Storage.Layers;

/// <summary>
/// Tells what a container's own directory holds only because something was mounted there: empty files and directories at given paths, links
/// to the kernel's table of mounts, and the directories above them where nothing else changed.
/// </summary>
/// <param name="lower">The directories of the layers below, base first.</param>
internal sealed class PlaceholderFilter(IReadOnlyCollection<string> paths, IReadOnlyList<string> lower)
{
    private const string MountTable = "/proc/mounts";

    private readonly HashSet<string> _paths = [.. paths];
    private readonly HashSet<string> _above = [.. paths.SelectMany(Above)];

    public bool Omits(DirectoryHandle parent, string name, string path, FileStatus status)
    {
        if (status.Kind == FileKind.Regular) return status.Size == 0 && _paths.Contains(path);
        if (status.Kind == FileKind.SymbolicLink) return _paths.Contains(path) && parent.ReadLink(name) == MountTable;
        if (status.Kind != FileKind.Directory || !(_paths.Contains(path) || _above.Contains(path))) return false;
        using var directory = parent.TryOpenDirectory(name, PathResolution.NoSymbolicLinks, out _);
        if (directory is null || ExtendedAttributes.Get(parent, name, LayerAttributes.Opaque) is not null) return false;
        var children = directory.List();
        if (children.Count == 0 && !_paths.Contains(path)) return false;
        return children.All(child => directory.Status(child) is not { } inner || Omits(directory, child, $"{path}/{child}", inner))
            && (Below(path) is not { } present || (present.Kind == FileKind.Directory && SameAccess(present, status)));
    }

    private static bool SameAccess(FileStatus one, FileStatus other) =>
        one.Mode == other.Mode && one.UserId == other.UserId && one.GroupId == other.GroupId;

    private static IEnumerable<string> Above(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/'))
        {
            path = path[..slash];
            yield return path;
        }
    }

    /// <summary>What the container had there before, as the topmost layer with the name says.</summary>
    private FileStatus? Below(string path)
    {
        for (var i = lower.Count - 1; i >= 0; i--)
        {
            using var layer = DirectoryHandle.Open(lower[i]);
            using var file = layer.TryOpenFile(path, FileFlags.PathOnly | FileFlags.NoFollow, 0, PathResolution.InRoot | PathResolution.NoSymbolicLinks, out _);
            if (file is not null) return FileHandles.Status(file);
        }

        return null;
    }
}
