using Microsoft.Win32.SafeHandles;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>
/// A layer's directory while it is filled. What an entry replaces is moved among the orphans, never deleted: the record of the
/// tar stream still needs its bytes.
/// </summary>
internal sealed class LayerTree : IDisposable
{
    private const int MaximumOpen = 64;
    private const int LoopOfLinks = 40;
    private const int DefaultMode = 0b111_101_101;
    private readonly TarRecordWriter _record;
    private readonly DirectoryHandle _layer;
    private readonly DirectoryHandle _root;
    private readonly Dictionary<string, (DirectoryHandle Handle, string Path)> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _whiteouts = new(StringComparer.Ordinal);
    private string? _rootPath;
    private long _orphans;

    public LayerTree(string layerPath, TarRecordWriter record)
    {
        _record = record;
        _layer = DirectoryHandle.Open(layerPath);
        _layer.MakeDirectory("diff", DefaultMode);
        _root = _layer.OpenDirectory("diff");
        _root.ChangeMode(DefaultMode);
    }

    /// <summary>A new, empty file and its path free of links.</summary>
    /// <param name="mode">The process's umask takes of it.</param>
    public (SafeFileHandle File, string Path) CreateFile(string parent, string name, int mode)
    {
        var (directory, parentPath) = Open(parent);
        var path = Join(parentPath, name);
        var file = directory.TryCreateFile(name, mode, out var error);
        if (file is null && error == ErrorNumber.Exists)
        {
            Replace(directory, name, path);
            file = Open(parent).Handle.TryCreateFile(name, mode, out error);
        }

        return (file ?? throw new SystemCallException($"create {path}", error), path);
    }

    /// <summary>Makes something that is neither file nor directory; answers the directory it is in, which stays open only until the next call.</summary>
    public DirectoryHandle Create(string parent, string name, Func<DirectoryHandle, bool> make)
    {
        var (directory, parentPath) = Open(parent);
        if (make(directory)) return directory;
        Replace(directory, name, Join(parentPath, name));
        directory = Open(parent).Handle;
        return make(directory) ? directory : throw new SystemCallException($"create {name}", ErrorNumber.Exists);
    }

    /// <summary>Opens the directory, making it where something else or nothing is.</summary>
    public DirectoryHandle MakeDirectory(string parent, string name)
    {
        if (name.Length == 0) return _root.OpenDirectory("");
        var (directory, parentPath) = Open(parent);
        return MakeDirectory(directory, parentPath, name, 0b111_000_000);
    }

    /// <summary>False when there is no such target.</summary>
    public bool Link(string parent, string name, string targetParent, string targetName)
    {
        if (TryOpen(targetParent) is not { } target || target.Handle.Status(targetName) is not { Kind: not FileKind.Directory } status) return false;
        using var from = target.Handle.OpenDirectory("");
        var (directory, parentPath) = Open(parent);
        if (directory.Status(name) is { } present && present.Inode == status.Inode && present.Kind != FileKind.Directory) return true;
        if (directory.MakeLink(from, targetName, name)) return true;
        Replace(directory, name, Join(parentPath, name));
        directory = Open(parent).Handle;
        return directory.MakeLink(from, targetName, name) ? true : throw new SystemCallException($"link {name}", ErrorNumber.Exists);
    }

    /// <summary>Hides a name of the layers below. What this layer itself has of that name stays (OCI layer.md), a directory alone.</summary>
    public void WhiteOut(string parent, string name)
    {
        var (directory, parentPath) = Open(parent);
        if (directory.MakeNode(name, FileKind.CharacterDevice, 0))
        {
            _whiteouts.Add(Join(parentPath, name));
            return;
        }

        if (directory.Status(name)?.Kind == FileKind.Directory) SetOpaque(directory, name);
    }

    public void MarkOpaque(string path) => SetOpaque(Open(path).Handle, "");

    public void SetDirectoryTime(string path, FileTime modified)
    {
        using var directory = _root.TryOpenDirectory(path, PathResolution.InRoot, out _);
        directory?.SetModified("", modified);
    }

    public void Dispose()
    {
        CloseAll();
        _root.Dispose();
        _layer.Dispose();
    }

    private static string Join(string parent, string name) => parent.Length == 0 ? name : $"{parent}/{name}";

    private static void SetOpaque(DirectoryHandle directory, string name) =>
        ExtendedAttributes.Set(directory, name, LayerAttributes.Opaque, "y"u8);

    /// <summary>Opens a directory of the layer, making what the archive left out of it.</summary>
    private (DirectoryHandle Handle, string Path) Open(string path)
    {
        if (TryOpen(path) is { } open) return open;
        var (parent, name) = LayerPath.Split(path);
        var (directory, parentPath) = Open(parent);
        MakeDirectory(directory, parentPath, name, DefaultMode).Dispose();
        return TryOpen(path) ?? throw new InvalidDataException($"the layer's path {path} leads through something that is no directory");
    }

    private (DirectoryHandle Handle, string Path)? TryOpen(string path)
    {
        if (path.Length == 0) return (_root, "");
        if (_open.TryGetValue(path, out var known)) return known;
        var directory = _root.TryOpenDirectory(path, PathResolution.InRoot | PathResolution.NoSymbolicLinks, out var error);
        var real = path;
        if (directory is null && error == LoopOfLinks)
        {
            directory = _root.TryOpenDirectory(path, PathResolution.InRoot, out error);
            if (directory is not null) real = PathBelowRoot(directory);
        }

        if (directory is null)
            return error is ErrorNumber.NoEntry or ErrorNumber.NotDirectory or LoopOfLinks ? null : throw new SystemCallException($"open {path}", error);
        if (_open.Count >= MaximumOpen) CloseAll();
        _open.Add(path, (directory, real));
        return (directory, real);
    }

    private string PathBelowRoot(DirectoryHandle directory)
    {
        _rootPath ??= _root.CurrentPath();
        var path = directory.CurrentPath();
        return path.Length == _rootPath.Length ? "" : path[(_rootPath.Length + 1)..];
    }

    private DirectoryHandle MakeDirectory(DirectoryHandle parent, string parentPath, string name, int mode)
    {
        var path = Join(parentPath, name);
        if (!parent.MakeDirectory(name, mode))
        {
            if (parent.Status(name)?.Kind == FileKind.Directory) return parent.OpenDirectory(name, PathResolution.NoSymbolicLinks);
            using var stable = parent.OpenDirectory("");
            // A directory after a whiteout of the same name hides what is below.
            var hides = Replace(stable, name, path);
            stable.MakeDirectory(name, mode);
            if (hides) SetOpaque(stable, name);
            return stable.OpenDirectory(name, PathResolution.NoSymbolicLinks);
        }

        return parent.OpenDirectory(name, PathResolution.NoSymbolicLinks);
    }

    /// <summary>Makes room for an entry of a name that is taken, and closes what was opened by path. True when a whiteout of this layer had it.</summary>
    private bool Replace(DirectoryHandle directory, string name, string path)
    {
        if (_whiteouts.Remove(path) && directory.Status(name) is { Kind: FileKind.CharacterDevice })
        {
            directory.Unlink(name);
            return true;
        }

        if (_orphans == 0) _layer.MakeDirectory("orphans", 0b111_000_000);
        directory.Rename(name, _layer, _record.Move(path, _orphans++));
        // Paths may have led through it.
        CloseAll();
        return false;
    }

    private void CloseAll()
    {
        foreach (var (handle, _) in _open.Values) handle.Dispose();
        _open.Clear();
    }
}
