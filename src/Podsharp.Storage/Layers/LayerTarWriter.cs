using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>
/// Writes a directory as a tar: a container's upper, whose whiteouts and opaque directories become names again, or a whole mounted root.
/// What goes away while it is written is left out; what is mounted below is not entered.
/// </summary>
/// <param name="filter">What to leave out; null: nothing.</param>
internal sealed class LayerTarWriter(Stream target, CancellationToken cancellationToken, PlaceholderFilter? filter = null)
{
    private const int MaximumDepth = 400;
    private const int EmptyMode = 0b110_100_100;
    private const int LoopOfLinks = 40;
    private const int OtherMount = 18;
    private readonly TarWriter _writer = new(target);
    private readonly byte[] _buffer = new byte[256 << 10];
    private readonly Dictionary<(ulong FileSystem, ulong Inode), string> _linked = [];

    /// <summary>Entries come sorted by their bytes, a directory before what is in it: the same tree gives the same tar.</summary>
    public void Write(DirectoryHandle diff)
    {
        WriteChildren(diff, "", 0);
        _writer.Finish();
    }

    private void WriteChildren(DirectoryHandle directory, string path, int depth)
    {
        if (depth > MaximumDepth) throw new InvalidDataException($"the directory {path} is nested too deeply to be part of a tar");
        var names = directory.List();
        names.Sort(string.CompareOrdinal);
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (directory.Status(name) is not { } status) continue;
            var child = path.Length == 0 ? name : $"{path}/{name}";
            if (filter?.Omits(directory, name, child, status) != true) WriteEntry(directory, name, child, status, depth);
        }
    }

    private void WriteEntry(DirectoryHandle directory, string name, string path, FileStatus status, int depth)
    {
        if (status is { Kind: FileKind.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 })
        {
            var (parent, hidden) = LayerPath.Split(path);
            _writer.Add(new TarEntry { Name = (parent.Length == 0 ? "" : parent + "/") + ".wh." + hidden, Kind = TarKind.File, Mode = EmptyMode });
            return;
        }

        // Sockets live with their process only; no tar has them.
        if (status.Kind == FileKind.Socket || TryDescribe(directory, name, path, status) is not { } entry) return;
        if (status.Kind != FileKind.Directory && status.Links > 1 && _linked.TryGetValue((status.FileSystem, status.Inode), out var first))
        {
            _writer.Add(entry with { Kind = TarKind.HardLink, LinkTarget = first, Size = 0, Attributes = [] });
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Directory: WriteDirectory(directory, name, entry, depth); break;
            case FileKind.Regular when !WriteFile(directory, name, entry): return;
            case FileKind.Regular: break;
            default: _writer.Add(entry); break;
        }

        if (status.Kind != FileKind.Directory && status.Links > 1) _linked[(status.FileSystem, status.Inode)] = path;
    }

    private void WriteDirectory(DirectoryHandle parent, string name, TarEntry entry, int depth)
    {
        _writer.Add(entry with { Name = entry.Name + "/" });
        using var directory = parent.TryOpenDirectory(name, PathResolution.NoSymbolicLinks | PathResolution.NoMounts, out _);
        if (directory is null) return;
        if (ExtendedAttributes.Get(directory, "", LayerAttributes.Opaque) is [(byte)'y'])
            _writer.Add(new TarEntry { Name = entry.Name + "/.wh..wh..opq", Kind = TarKind.File, Mode = EmptyMode });
        WriteChildren(directory, entry.Name, depth + 1);
    }

    /// <summary>False when it is no longer there.</summary>
    private bool WriteFile(DirectoryHandle directory, string name, TarEntry entry)
    {
        var flags = FileFlags.ReadOnly | FileFlags.NonBlocking | FileFlags.NoFollow;
        using var file = directory.TryOpenFile(name, flags, 0, PathResolution.NoSymbolicLinks | PathResolution.NoMounts, out var error);
        // What is mounted over a file is not the file's.
        if (file is null) return error is ErrorNumber.NoEntry or LoopOfLinks or OtherMount ? false : throw new SystemCallException($"open {entry.Name}", error);
        var status = FileHandles.Status(file);
        if (status.Kind != FileKind.Regular) return false;
        _writer.Add(entry with { Size = status.Size });
        for (var at = 0L; at < status.Size;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, status.Size - at));
            var read = RandomAccess.Read(file, part, at);
            // The size is in the header already: a file that shrinks meanwhile ends in zeros.
            if (read == 0) part.Clear();
            else part = part[..read];
            _writer.Write(part);
            at += part.Length;
        }

        return true;
    }

    private static TarEntry? TryDescribe(DirectoryHandle directory, string name, string path, FileStatus status)
    {
        try
        {
            return Describe(directory, name, path, status);
        }
        catch (SystemCallException e) when (e.ErrorNumber is ErrorNumber.NoEntry or ErrorNumber.NotDirectory or ErrorNumber.Invalid)
        {
            // Gone, or something else by now (readlink answers EINVAL for what is no link).
            return null;
        }
    }

    private static TarEntry Describe(DirectoryHandle directory, string name, string path, FileStatus status) => new()
    {
        Name = path,
        Kind = status.Kind switch
        {
            FileKind.Directory => TarKind.Directory,
            FileKind.SymbolicLink => TarKind.SymbolicLink,
            FileKind.CharacterDevice => TarKind.CharacterDevice,
            FileKind.BlockDevice => TarKind.BlockDevice,
            FileKind.Pipe => TarKind.Pipe,
            _ => TarKind.File,
        },
        LinkTarget = status.Kind == FileKind.SymbolicLink ? directory.ReadLink(name) : "",
        Mode = status.Mode,
        UserId = status.UserId,
        GroupId = status.GroupId,
        Modified = status.Modified,
        DeviceMajor = status.DeviceMajor,
        DeviceMinor = status.DeviceMinor,
        Size = status.Kind == FileKind.Regular ? status.Size : 0,
        Attributes = [.. ExtendedAttributes.List(directory, name)
            .Where(attribute => !LayerAttributes.IsPrivate(attribute) && attribute != "security.selinux")
            .Select(attribute => (attribute, ExtendedAttributes.Get(directory, name, attribute)))
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.attribute, pair.Item2!))],
    };
}
