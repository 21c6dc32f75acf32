using Podsharp.Linux.Files;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>Writes an overlay directory (a container's upper, say) as a layer's tar: whiteouts and opaque directories become names again.</summary>
internal sealed class LayerTarWriter(Stream target, CancellationToken cancellationToken)
{
    private const int MaximumDepth = 400;
    private const int EmptyMode = 0b110_100_100;
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
        if (depth > MaximumDepth) throw new InvalidDataException($"the directory {path} is nested too deeply to be part of a layer");
        var names = directory.List();
        names.Sort(string.CompareOrdinal);
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (directory.Status(name) is { } status) WriteEntry(directory, name, path.Length == 0 ? name : $"{path}/{name}", status, depth);
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
        if (status.Kind == FileKind.Socket) return;
        if (status.Kind != FileKind.Directory && status.Links > 1 && !_linked.TryAdd((status.FileSystem, status.Inode), path))
        {
            _writer.Add(Entry(directory, name, path, status) with
            {
                Kind = TarKind.HardLink, LinkTarget = _linked[(status.FileSystem, status.Inode)], Size = 0, Attributes = [],
            });
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Directory: WriteDirectory(directory, name, path, status, depth); break;
            case FileKind.Regular: WriteFile(directory, name, path, status); break;
            default: _writer.Add(Entry(directory, name, path, status)); break;
        }
    }

    private void WriteDirectory(DirectoryHandle parent, string name, string path, FileStatus status, int depth)
    {
        var entry = Entry(parent, name, path, status);
        _writer.Add(entry with { Name = path + "/" });
        if (ExtendedAttributes.Get(parent, name, LayerAttributes.Opaque) is [(byte)'y'])
            _writer.Add(new TarEntry { Name = path + "/.wh..wh..opq", Kind = TarKind.File, Mode = EmptyMode });
        using var directory = parent.OpenDirectory(name, PathResolution.NoSymbolicLinks);
        WriteChildren(directory, path, depth + 1);
    }

    private void WriteFile(DirectoryHandle directory, string name, string path, FileStatus status)
    {
        using var file = directory.OpenFile(name, FileFlags.ReadOnly | FileFlags.NonBlocking | FileFlags.NoFollow, 0, PathResolution.NoSymbolicLinks);
        _writer.Add(Entry(directory, name, path, status));
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
    }

    private static TarEntry Entry(DirectoryHandle directory, string name, string path, FileStatus status) => new()
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
