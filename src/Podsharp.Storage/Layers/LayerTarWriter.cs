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
    private const PathResolution NoMounts = PathResolution.NoSymbolicLinks | PathResolution.NoMounts;
    private readonly TreeTar _tar = new(
        target, NoMounts, attribute => !LayerAttributes.IsPrivate(attribute) && attribute != ExtendedAttributes.Label, cancellationToken);

    /// <summary>Entries come sorted by their bytes, a directory before what is in it: the same tree gives the same tar.</summary>
    public void Write(DirectoryHandle diff)
    {
        WriteChildren(diff, "", 0);
        _tar.Finish();
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
            _tar.Add(new TarEntry { Name = (parent.Length == 0 ? "" : parent + "/") + ".wh." + hidden, Kind = TarKind.File, Mode = EmptyMode });
        }
        else if (status.Kind == FileKind.Directory)
        {
            WriteDirectory(directory, name, path, status, depth);
        }
        else
        {
            _tar.Add(directory, name, path, status);
        }
    }

    private void WriteDirectory(DirectoryHandle parent, string name, string path, FileStatus status, int depth)
    {
        _tar.AddDirectory(parent, name, path + "/", status);
        using var directory = parent.TryOpenDirectory(name, NoMounts, out _);
        if (directory is null) return;
        if (ExtendedAttributes.Get(directory, "", LayerAttributes.Opaque) is [(byte)'y'])
            _tar.Add(new TarEntry { Name = path + "/.wh..wh..opq", Kind = TarKind.File, Mode = EmptyMode });
        WriteChildren(directory, path, depth + 1);
    }
}
