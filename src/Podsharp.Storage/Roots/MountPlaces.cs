using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Roots;

internal sealed class MountPlaces(StorePaths paths, IContainerStore containers) : IMountPlaces
{
    public Task<string> MountImageAsync(ContainerId id, int index, IReadOnlyList<Digest> layers, string subpath, CancellationToken cancellationToken)
    {
        var whole = Path.Join(paths.MountPlaces(id), $"{index}.image");
        try
        {
            Directory.CreateDirectory(whole);
            if (!MountPoint.IsMounted(whole)) Mount(layers, whole, MountContext.Of(containers, id));
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"an image cannot be mounted for container {id.Short}");
        }

        return subpath.Length == 0 ? Task.FromResult(whole) : MountBelowAsync(id, index, whole, subpath, cancellationToken);
    }

    public Task<string> MountBelowAsync(ContainerId id, int index, string directory, string subpath, CancellationToken cancellationToken)
    {
        var place = Path.Join(paths.MountPlaces(id), $"{index}");
        using var root = DirectoryHandle.Open(directory);
        using var found = root.TryOpenFile(subpath, FileFlags.PathOnly, 0, PathResolution.Beneath, out var error) ?? throw Refused(subpath, error);
        try
        {
            MakePlace(place, FileHandles.Status(found).Kind == FileKind.Directory);
            MountPoint.Bind(found, place);
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"the subpath {subpath} cannot be mounted for container {id.Short}");
        }

        return Task.FromResult(place);
    }

    public MountSharing SharingOf(string path)
    {
        var mount = MountTable.Holding(path);
        return new MountSharing(mount?.Target ?? "/", mount?.IsShared ?? false, mount?.IsSlave ?? false);
    }

    /// <summary>Unmounts all of a container's places and removes them; nothing when it has none.</summary>
    public static void Undo(StorePaths paths, ContainerId id)
    {
        var directory = paths.MountPlaces(id);
        if (!Directory.Exists(directory)) return;
        // "3" before "3.image", which it was bound from.
        foreach (var place in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
            while (MountPoint.IsMounted(place) && MountPoint.Unmount(place))
            {
            }

        FileTree.Remove(directory);
    }

    private void Mount(IReadOnlyList<Digest> layers, string target, string context)
    {
        var lower = LayerDirectories.Lower(paths, layers);
        // Only a file system of its own has a label of its own; an overlay without an upper directory wants two below.
        if (context.Length > 0 && lower.Count == 1) lower = [.. lower, LayerDirectories.Empty(paths)];
        OverlayMount.MountReadOnly(lower, target, context);
    }

    private static void MakePlace(string place, bool isDirectory)
    {
        Directory.CreateDirectory(isDirectory ? place : Path.GetDirectoryName(place)!);
        if (!isDirectory) File.Create(place).Dispose();
    }

    private static EngineException Refused(string subpath, int error) => EngineException.InvalidInput(error == ErrorNumber.CrossDevice
        ? $"cannot access path {subpath}: path escapes from its base"
        : $"cannot access path {subpath}: {new SystemCallException("open", error).Reason.ToLowerInvariant()}");
}
