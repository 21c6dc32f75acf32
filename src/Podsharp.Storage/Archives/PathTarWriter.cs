using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Archives;

/// <summary>Writes one path of a root as a tar. What goes away while it is written is left out.</summary>
internal sealed class PathTarWriter
{
    private const int MaximumDepth = 400;
    private readonly TreeTar _tar;
    private readonly IReadOnlyCollection<string> _mounts;
    private readonly CancellationToken _cancellationToken;

    /// <param name="mounts">Where file systems are mounted that belong to the container: others (/proc, /sys, /dev) are the machine's and not entered.</param>
    public PathTarWriter(Stream target, IReadOnlyCollection<string> mounts, CancellationToken cancellationToken)
    {
        _tar = new TreeTar(target, PathResolution.NoSymbolicLinks, attribute => attribute == "security.capability", cancellationToken);
        _mounts = mounts;
        _cancellationToken = cancellationToken;
    }

    public void Write(DirectoryHandle root, PathFacts facts)
    {
        if (facts.Form == PathForm.Directory)
        {
            using var directory = root.OpenDirectory(facts.Target);
            WriteDirectory(directory, facts.Target, facts.Name, 0);
        }
        else
        {
            var (parent, name) = LayerPath.Split(facts.Path);
            using var directory = root.OpenDirectory(parent);
            if (directory.Status(name) is { } status) _tar.Add(directory, name, facts.Name, status);
        }

        _tar.Finish();
    }

    /// <param name="path">Where it is in the container.</param>
    /// <param name="name">What it is in the tar.</param>
    private void WriteDirectory(DirectoryHandle directory, string path, string name, int depth)
    {
        if (depth > MaximumDepth) throw new InvalidDataException($"the directory {path} is nested too deeply to be part of a tar");
        var prefix = name.TrimEnd('/') + "/";
        var own = directory.Status()!.Value;
        _tar.AddDirectory(directory, "", prefix, own);
        var children = directory.List();
        children.Sort(string.CompareOrdinal);
        foreach (var child in children)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (directory.Status(child) is not { } status) continue;
            if (status.Kind != FileKind.Directory) _tar.Add(directory, child, prefix + child, status);
            else WriteChild(directory, own, child, path == "/" ? "/" + child : $"{path}/{child}", prefix + child, depth);
        }
    }

    private void WriteChild(DirectoryHandle parent, FileStatus parentStatus, string child, string path, string name, int depth)
    {
        using var directory = parent.TryOpenDirectory(child, PathResolution.NoSymbolicLinks, out _);
        if (directory?.Status() is not { } status) return;
        if (status.FileSystem == parentStatus.FileSystem || IsEntered(path)) WriteDirectory(directory, path, name, depth + 1);
        else _tar.AddDirectory(directory, "", name + "/", status);
    }

    private bool IsEntered(string path) =>
        _mounts.Any(mount => path == mount || (path.StartsWith(mount, StringComparison.Ordinal) && path[mount.Length] == '/'));
}
