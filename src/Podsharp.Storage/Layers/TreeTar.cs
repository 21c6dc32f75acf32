using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>Writes files of a tree as entries of a tar, with links between them. What goes away while it is written is left out.</summary>
/// <param name="resolution">How a file is opened; that no link is followed is part of it.</param>
/// <param name="takesAttribute">Which extended attributes become part of the tar.</param>
internal sealed class TreeTar(Stream target, PathResolution resolution, Func<string, bool> takesAttribute, CancellationToken cancellationToken)
{
    private const int LoopOfLinks = 40;
    private const int OtherMount = 18;
    private readonly TarWriter _writer = new(target);
    private readonly byte[] _buffer = new byte[256 << 10];
    private readonly Dictionary<(ulong FileSystem, ulong Inode), string> _linked = [];

    /// <summary>Adds a child that is no directory, under a name.</summary>
    public void Add(DirectoryHandle directory, string child, string name, FileStatus status)
    {
        // Sockets live with their process only; no tar has them.
        if (status.Kind == FileKind.Socket || TryDescribe(directory, child, name, status) is not { } entry) return;
        if (status.Links > 1 && _linked.TryGetValue((status.FileSystem, status.Inode), out var first))
        {
            _writer.Add(entry with { Kind = TarKind.HardLink, LinkTarget = first, Size = 0, Attributes = [] });
            return;
        }

        if (status.Kind != FileKind.Regular) _writer.Add(entry);
        else if (!WriteFile(directory, child, entry)) return;
        if (status.Links > 1) _linked[(status.FileSystem, status.Inode)] = name;
    }

    /// <param name="child">"": the directory itself.</param>
    /// <param name="name">With the slash that directories end in.</param>
    public void AddDirectory(DirectoryHandle directory, string child, string name, FileStatus status)
    {
        if (TryDescribe(directory, child, name, status) is { } entry) _writer.Add(entry);
    }

    public void Add(TarEntry entry) => _writer.Add(entry);

    public void Finish() => _writer.Finish();

    /// <summary>False when it is no longer there.</summary>
    private bool WriteFile(DirectoryHandle directory, string child, TarEntry entry)
    {
        const int flags = FileFlags.ReadOnly | FileFlags.NonBlocking;
        using var file = directory.TryOpenFile(child, flags | FileFlags.NoFollow, 0, resolution, out var error);
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

    private TarEntry? TryDescribe(DirectoryHandle directory, string child, string name, FileStatus status)
    {
        try
        {
            return Describe(directory, child, name, status);
        }
        catch (SystemCallException e) when (e.ErrorNumber is ErrorNumber.NoEntry or ErrorNumber.NotDirectory or ErrorNumber.Invalid)
        {
            // Gone, or something else by now (readlink answers EINVAL for what is no link).
            return null;
        }
    }

    private TarEntry Describe(DirectoryHandle directory, string child, string name, FileStatus status) => new()
    {
        Name = name,
        Kind = status.Kind switch
        {
            FileKind.Directory => TarKind.Directory,
            FileKind.SymbolicLink => TarKind.SymbolicLink,
            FileKind.CharacterDevice => TarKind.CharacterDevice,
            FileKind.BlockDevice => TarKind.BlockDevice,
            FileKind.Pipe => TarKind.Pipe,
            _ => TarKind.File,
        },
        LinkTarget = status.Kind == FileKind.SymbolicLink ? directory.ReadLink(child) : "",
        Mode = status.Mode,
        UserId = status.UserId,
        GroupId = status.GroupId,
        Modified = status.Modified,
        DeviceMajor = status.DeviceMajor,
        DeviceMinor = status.DeviceMinor,
        Size = status.Kind == FileKind.Regular ? status.Size : 0,
        Attributes = [.. ExtendedAttributes.List(directory, child)
            .Where(takesAttribute)
            .Select(attribute => (attribute, ExtendedAttributes.Get(directory, child, attribute)))
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.attribute, pair.Item2!))],
    };
}
