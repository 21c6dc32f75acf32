using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Images;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Streams;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>Bounds that honest layers stay far below.</summary>
internal sealed record ExtractionLimits(long Entries = 8_000_000, int PathLength = 4095, int Depth = 400);

/// <summary>
/// Writes a layer's tar into a directory as overlay wants it (whiteouts as 0:0 devices, opaque directories by attribute) and keeps
/// the record of the stream. Every path is resolved below the directory by the kernel.
/// </summary>
internal sealed class LayerExtractor : IDisposable
{
    private const int PermissionBits = 0b111_111_111;
    private const string WhiteoutPrefix = ".wh.";
    private const string OpaqueMarker = ".wh..wh..opq";
    private const string AufsPrefix = ".wh..wh.";
    private readonly LayerTree _tree;
    private readonly TarRecordWriter _record;
    private readonly ExtractionLimits _limits;
    private readonly List<(string Path, FileTime Modified)> _directoryTimes = [];
    private long _size;

    /// <param name="layerPath">An empty directory; gets diff, tar and, for odd archives, orphans.</param>
    public LayerExtractor(string layerPath, ExtractionLimits? limits = null)
    {
        _limits = limits ?? new ExtractionLimits();
        _record = new TarRecordWriter(layerPath);
        _tree = new LayerTree(layerPath, _record);
    }

    /// <summary>Reads the stream to its end. What is wrong with it is an <see cref="InvalidDataException"/>.</summary>
    /// <param name="tar">Uncompressed.</param>
    public Layer Extract(Stream tar, CancellationToken cancellationToken)
    {
        using var hash = new BackgroundSha256();
        var reader = new TarReader(new HashedStream(tar, hash), _record.Literal);
        var entries = 0L;
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++entries > _limits.Entries) throw new InvalidDataException($"the layer has more than {_limits.Entries} entries");
            Apply(entry, reader, cancellationToken);
        }

        foreach (var (path, modified) in _directoryTimes) _tree.SetDirectoryTime(path, modified);
        _record.Finish();
        return new Layer(hash.Finish(), _size, reader.Position);
    }

    public void Dispose()
    {
        _tree.Dispose();
        _record.Dispose();
    }

    private void Apply(TarEntry entry, TarReader reader, CancellationToken cancellationToken)
    {
        if (entry.Kind == TarKind.Skipped) return;
        var path = LayerPath.Clean(entry.Name, _limits);
        if (path.Length == 0)
        {
            if (entry.Kind == TarKind.Directory) ApplyDirectory("", "", entry);
            return;
        }

        var (parent, name) = LayerPath.Split(path);
        if (name == OpaqueMarker) _tree.MarkOpaque(parent);
        else if (path.StartsWith(AufsPrefix, StringComparison.Ordinal) || path.Contains("/" + AufsPrefix, StringComparison.Ordinal)) return;
        else if (name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal)) _tree.WhiteOut(parent, CheckedWhiteout(name, path));
        else Create(parent, name, entry, reader, cancellationToken);
    }

    private void Create(string parent, string name, TarEntry entry, TarReader reader, CancellationToken cancellationToken)
    {
        switch (entry.Kind)
        {
            case TarKind.Directory: ApplyDirectory(parent, name, entry); break;
            case TarKind.File: CreateFile(parent, name, entry, reader, cancellationToken); break;
            case TarKind.HardLink: CreateLink(parent, name, entry); break;
            case TarKind.SymbolicLink:
                if (entry.LinkTarget.Length == 0) throw new InvalidDataException($"the symbolic link {entry.Name} has no target");
                CreateNode(parent, name, entry, directory => directory.MakeSymbolicLink(name, entry.LinkTarget));
                break;
            case TarKind.CharacterDevice: CreateDevice(parent, name, entry, FileKind.CharacterDevice); break;
            case TarKind.BlockDevice: CreateDevice(parent, name, entry, FileKind.BlockDevice); break;
            default: CreateNode(parent, name, entry, directory => directory.MakeNode(name, FileKind.Pipe, 0b110_000_000)); break;
        }
    }

    private static string CheckedWhiteout(string name, string path) => name[WhiteoutPrefix.Length..] is { Length: > 0 } hidden and not ("." or "..")
        ? hidden
        : throw new InvalidDataException($"the layer's entry {path} hides nothing that has a name");

    private void ApplyDirectory(string parent, string name, TarEntry entry)
    {
        var path = parent.Length == 0 ? name : $"{parent}/{name}";
        using var directory = _tree.MakeDirectory(parent, name);
        FileHandles.ChangeOwner(directory.Handle, entry.UserId, entry.GroupId);
        LayerAttributes.Set(directory.Handle, entry);
        directory.ChangeMode(entry.Mode);
        // What comes into it later changes its time: set at the end.
        _directoryTimes.Add((path, entry.Modified));
    }

    private void CreateFile(string parent, string name, TarEntry entry, TarReader reader, CancellationToken cancellationToken)
    {
        var (file, path) = _tree.CreateFile(parent, name, entry.Mode & PermissionBits);
        using (file)
        {
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

                _record.Reference(path, extent.Offset, extent.Length);
            }

            if (entry.Extents is not null) FileHandles.SetLength(file, entry.Size);
            _size += entry.Size;
            SetOwnerAndMode(file, entry);
            LayerAttributes.Set(file, entry);
            FileHandles.SetModified(file, entry.Modified);
        }
    }

    /// <summary>Asking is cheaper than setting, which the file system writes to its journal: most files have both from their creation.</summary>
    private static void SetOwnerAndMode(SafeFileHandle file, TarEntry entry)
    {
        var status = FileHandles.Status(file);
        if (status.UserId != entry.UserId || status.GroupId != entry.GroupId) FileHandles.ChangeOwner(file, entry.UserId, entry.GroupId);
        // A change of owner takes set-id bits and capabilities away: they come after it.
        if (status.Mode != entry.Mode) FileHandles.ChangeMode(file, entry.Mode);
    }

    private void CreateLink(string parent, string name, TarEntry entry)
    {
        var target = LayerPath.Clean(entry.LinkTarget, _limits);
        if (target.Length == 0) throw new InvalidDataException($"the hard link {entry.Name} has no target");
        var (targetParent, targetName) = LayerPath.Split(target);
        if (!_tree.Link(parent, name, targetParent, targetName))
            throw new InvalidDataException($"the hard link {entry.Name} names {entry.LinkTarget}, which is not in the layer before it");
    }

    private void CreateDevice(string parent, string name, TarEntry entry, FileKind kind)
    {
        try
        {
            CreateNode(parent, name, entry, directory => directory.MakeNode(name, kind, 0b110_000_000, entry.DeviceMajor, entry.DeviceMinor));
        }
        catch (SystemCallException e) when (LayerAttributes.InUserNamespace && e.ErrorNumber == LayerAttributes.NotPermitted)
        {
            // Nobody but the machine's root makes devices, and a container gets its own anyway.
        }
    }

    private void CreateNode(string parent, string name, TarEntry entry, Func<DirectoryHandle, bool> make)
    {
        var directory = _tree.Create(parent, name, make);
        directory.ChangeOwner(name, entry.UserId, entry.GroupId);
        if (entry.Kind != TarKind.SymbolicLink) directory.ChangeMode(name, entry.Mode);
        LayerAttributes.Set(directory, name, entry);
        directory.SetModified(name, entry.Modified);
    }
}
