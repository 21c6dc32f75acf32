using Podsharp.Core.Storage;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Layers;

/// <summary>What a container's own directory makes different from the layers below it, told as a comparison of both roots would tell it.</summary>
/// <param name="lower">The directories of the layers below, base first.</param>
internal sealed class ChangeList(IReadOnlyList<string> lower, PlaceholderFilter filter, CancellationToken cancellationToken) : IDisposable
{
    private const int MaximumDepth = 400;
    private readonly MergedLayers _below = new(lower);
    private readonly List<FileChange> _changes = [];

    /// <summary>Sorted by path; directories whose content alone has changed are among them.</summary>
    public IReadOnlyList<FileChange> Collect(DirectoryHandle upper)
    {
        Walk(upper, "", isBelow: true, 0);
        _changes.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return _changes;
    }

    public void Dispose() => _below.Dispose();

    /// <param name="isBelow">The layers below have this directory, too, and it shows through.</param>
    private void Walk(DirectoryHandle directory, string path, bool isBelow, int depth)
    {
        if (depth > MaximumDepth) return;
        foreach (var name in directory.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var child = path.Length == 0 ? name : $"{path}/{name}";
            if (directory.Status(name) is { } status && !filter.Omits(directory, name, child, status)) Compare(directory, name, child, status, isBelow, depth);
        }
    }

    private void Compare(DirectoryHandle directory, string name, string path, FileStatus status, bool isBelow, int depth)
    {
        var before = isBelow ? _below.Status(path) : null;
        if (status is { Kind: FileKind.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 })
        {
            if (before is not null) Add(path, FileChangeKind.Deleted);
        }
        else if (status.Kind == FileKind.Directory)
        {
            CompareDirectory(directory, name, path, status, before, depth);
        }
        else if (before is not { } old)
        {
            Add(path, FileChangeKind.Added);
        }
        else if (IsDifferent(status, old) || status.Size != old.Size || status.Modified != old.Modified)
        {
            Add(path, FileChangeKind.Modified);
        }
    }

    private void CompareDirectory(DirectoryHandle parent, string name, string path, FileStatus status, FileStatus? before, int depth)
    {
        var count = _changes.Count;
        using var directory = parent.TryOpenDirectory(name, PathResolution.NoSymbolicLinks, out _);
        if (directory is null) return;
        var shows = before is { Kind: FileKind.Directory };
        if (shows && ExtendedAttributes.Get(directory, "", LayerAttributes.Opaque) is [(byte)'y'])
        {
            // Nothing shows through, so what is not here is gone.
            foreach (var gone in _below.List(path).Where(child => directory.Status(child) is null)) Add($"{path}/{gone}", FileChangeKind.Deleted);
        }

        Walk(directory, path, shows, depth + 1);
        // A directory's own size and time say nothing.
        if (before is not { } old) Add(path, FileChangeKind.Added);
        else if (_changes.Count > count || IsDifferent(status, old)) Add(path, FileChangeKind.Modified);
    }

    private static bool IsDifferent(FileStatus one, FileStatus other) =>
        (one.Kind, one.Mode, one.UserId, one.GroupId, one.DeviceMajor, one.DeviceMinor)
        != (other.Kind, other.Mode, other.UserId, other.GroupId, other.DeviceMajor, other.DeviceMinor);

    private void Add(string path, FileChangeKind kind) => _changes.Add(new FileChange("/" + path, kind));
}
