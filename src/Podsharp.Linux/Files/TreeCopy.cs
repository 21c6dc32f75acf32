using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Files;

/// <summary>Copies trees with owner, mode, times, extended attributes, symbolic and hard links, devices and holes. Follows no link.</summary>
public sealed class TreeCopy(CancellationToken cancellationToken)
{
    private readonly byte[] _buffer = new byte[256 << 10];
    private readonly Dictionary<(ulong FileSystem, ulong Inode), string> _linked = [];
    private DirectoryHandle? _top;

    /// <summary>Copies all below <paramref name="from"/> into the empty <paramref name="into"/>, and the directory's own owner, mode, attributes and time too.</summary>
    public void CopyContent(DirectoryHandle from, DirectoryHandle into)
    {
        _top = into;
        CopyDirectory(from, into, "");
    }

    /// <summary>A directory's own owner, mode, attributes and time.</summary>
    public static void CopyOwn(DirectoryHandle from, DirectoryHandle into)
    {
        var own = from.Status()!.Value;
        into.ChangeOwner("", own.UserId, own.GroupId);
        into.ChangeMode(own.Mode);
        CopyAttributes(from, "", into, "");
        into.SetModified("", own.Modified);
    }

    private void CopyDirectory(DirectoryHandle from, DirectoryHandle into, string path)
    {
        foreach (var name in from.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (from.Status(name) is { } status) CopyEntry(from, into, name, path.Length == 0 ? name : $"{path}/{name}", status);
        }

        CopyOwn(from, into);
    }

    private void CopyEntry(DirectoryHandle from, DirectoryHandle into, string name, string path, FileStatus status)
    {
        if (status.Kind == FileKind.Directory)
        {
            into.MakeDirectory(name, 0b111_000_000);
            using var source = from.OpenDirectory(name, PathResolution.NoSymbolicLinks);
            using var target = into.OpenDirectory(name, PathResolution.NoSymbolicLinks);
            CopyDirectory(source, target, path);
            return;
        }

        if (status.Links > 1 && !_linked.TryAdd((status.FileSystem, status.Inode), path))
        {
            into.MakeLink(_top!, _linked[(status.FileSystem, status.Inode)], name);
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Regular: CopyFile(from, into, name, status); break;
            case FileKind.SymbolicLink: into.MakeSymbolicLink(name, from.ReadLink(name)); break;
            case FileKind.Socket: return;
            default: into.MakeNode(name, status.Kind, status.Mode, status.DeviceMajor, status.DeviceMinor); break;
        }

        into.ChangeOwner(name, status.UserId, status.GroupId);
        if (status.Kind != FileKind.SymbolicLink) into.ChangeMode(name, status.Mode);
        // A change of owner takes file capabilities away: attributes come after it.
        CopyAttributes(from, name, into, name);
        into.SetModified(name, status.Modified);
    }

    private void CopyFile(DirectoryHandle from, DirectoryHandle into, string name, FileStatus status)
    {
        using var source = from.OpenFile(name, FileFlags.ReadOnly | FileFlags.NoFollow | FileFlags.NonBlocking, 0, PathResolution.NoSymbolicLinks);
        using var target = into.TryCreateFile(name, 0b110_000_000, out var error) ?? throw new SystemCallException($"create {name}", error);
        for (var at = 0L; at < status.Size;)
        {
            var start = FileHandles.NextData(source, at);
            if (start < 0) break;
            at = CopyExtent(source, target, start, FileHandles.NextHole(source, start));
        }

        FileHandles.SetLength(target, status.Size);
    }

    private long CopyExtent(SafeFileHandle source, SafeFileHandle target, long start, long end)
    {
        while (start < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(source, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, end - start)), start);
            if (read == 0) return end;
            RandomAccess.Write(target, _buffer.AsSpan(0, read), start);
            start += read;
        }

        return end;
    }

    private static void CopyAttributes(DirectoryHandle from, string fromName, DirectoryHandle into, string intoName)
    {
        foreach (var attribute in ExtendedAttributes.List(from, fromName))
        {
            if (attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal) || attribute.StartsWith("user.overlay.", StringComparison.Ordinal)) continue;
            // The label of where it comes from; here it is the new place's.
            if (attribute == ExtendedAttributes.Label) continue;
            if (ExtendedAttributes.Get(from, fromName, attribute) is not { } value) continue;
            try
            {
                ExtendedAttributes.Set(into, intoName, attribute, value);
            }
            catch (SystemCallException e) when (e.ErrorNumber is ExtendedAttributes.NotSupported or NotPermitted)
            {
                // The target's file system or user namespace has no such attributes: the content matters more.
            }
        }
    }

    private const int NotPermitted = 1;
}
