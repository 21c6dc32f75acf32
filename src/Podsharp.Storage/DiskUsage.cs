using System.Collections.Concurrent;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;
using Podsharp.Storage.Images;
using Podsharp.Storage.Layers;

namespace Podsharp.Storage;

/// <summary>Walks trees when somebody asks; who asks while a walk is under way shares it.</summary>
internal sealed class DiskUsage(StorePaths paths, LayerStore layers, BlobStore blobs) : IDiskUsage
{
    private readonly ConcurrentDictionary<string, Task<long>> _walks = new(StringComparer.Ordinal);

    public async Task<IReadOnlyDictionary<Digest, long>> LayersAsync(CancellationToken cancellationToken)
    {
        var usage = new Dictionary<Digest, long>();
        foreach (var diffId in layers.All())
        {
            if (layers.DiskOf(diffId) is not { } bytes)
            {
                bytes = await WalkAsync(paths.Layer(diffId), cancellationToken);
                // Gone meanwhile: nothing to keep.
                if (bytes > 0) await layers.KeepDiskAsync(diffId, bytes);
            }

            usage[diffId] = bytes;
        }

        return usage;
    }

    public Task<IReadOnlyDictionary<Digest, long>> BlobsAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var usage = new Dictionary<Digest, long>();
            foreach (var digest in blobs.All())
            {
                if (FileHandles.Status(paths.Blob(digest)) is { } status) usage[digest] = status.Blocks * FileTree.BlockSize;
            }

            return (IReadOnlyDictionary<Digest, long>)usage;
        },
        cancellationToken);

    public Task<long> ContainerAsync(ContainerId id, CancellationToken cancellationToken) => WalkAsync(paths.Container(id), cancellationToken);

    public Task<long> VolumeAsync(string name, CancellationToken cancellationToken) => WalkAsync(paths.Volume(name), cancellationToken);

    private Task<long> WalkAsync(string path, CancellationToken cancellationToken)
    {
        // The walk goes on when one of those who wait for it leaves.
        var walk = _walks.GetOrAdd(path, start => Task.Run(() => Walk(start)));
        return walk.WaitAsync(cancellationToken);
    }

    private long Walk(string path)
    {
        try
        {
            return FileTree.DiskUsage(path);
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"{path} cannot be measured");
        }
        finally
        {
            _walks.TryRemove(path, out _);
        }
    }
}
