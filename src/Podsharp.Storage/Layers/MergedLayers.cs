using Podsharp.Linux.Files;

namespace Podsharp.Storage.Layers;

/// <summary>Layers looked at as overlay would show them, without a mount.</summary>
/// <param name="lower">The directories of the layers, base first.</param>
internal sealed class MergedLayers(IReadOnlyList<string> lower) : IDisposable
{
    private readonly List<DirectoryHandle> _layers = [.. lower.Reverse().Select(DirectoryHandle.Open)];

    /// <summary>Null where there is nothing.</summary>
    public FileStatus? Status(string path)
    {
        foreach (var layer in _layers)
        {
            var (found, ends) = Look(layer, path);
            if (found is { } status) return IsWhiteout(status) ? null : status;
            if (ends) return null;
        }

        return null;
    }

    /// <summary>Names in a directory.</summary>
    public IReadOnlyCollection<string> List(string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in _layers)
        {
            using var directory = layer.TryOpenDirectory(path, PathResolution.NoSymbolicLinks, out _);
            if (directory is not null) names.UnionWith(directory.List());
        }

        // Each is there only if no layer above hides it.
        return [.. names.Where(name => Status($"{path}/{name}") is not null)];
    }

    public void Dispose() => _layers.ForEach(layer => layer.Dispose());

    /// <summary>What one layer says of the path, and whether it hides the layers below it there.</summary>
    private static (FileStatus? Found, bool Ends) Look(DirectoryHandle layer, string path)
    {
        var ends = false;
        for (var slash = path.IndexOf('/'); ; slash = path.IndexOf('/', slash + 1))
        {
            var part = slash < 0 ? path : path[..slash];
            if (StatusIn(layer, part) is not { } status) return (null, ends);
            if (slash < 0) return (status, ends);
            if (status.Kind != FileKind.Directory) return (null, true);
            ends |= ExtendedAttributes.Get(layer, part, LayerAttributes.Opaque) is [(byte)'y'];
        }
    }

    private static FileStatus? StatusIn(DirectoryHandle layer, string path)
    {
        using var file = layer.TryOpenFile(path, FileFlags.PathOnly | FileFlags.NoFollow, 0, PathResolution.InRoot | PathResolution.NoSymbolicLinks, out _);
        return file is null ? null : FileHandles.Status(file);
    }

    private static bool IsWhiteout(FileStatus status) => status is { Kind: FileKind.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 };
}
