using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;
using Podsharp.Storage.Databases;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Layers;

/// <summary>Complete layers. One that has a directory but no row is half-made and is removed when the store opens.</summary>
internal sealed class LayerStore
{
    private readonly Database _database;
    private readonly StorePaths _paths;
    private readonly Staging _staging;
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, Layer> _layers = [];
    private readonly Dictionary<Digest, int> _held = [];
    private bool _removalOwed;

    private LayerStore(Database database, StorePaths paths, Staging staging) => (_database, _paths, _staging) = (database, paths, staging);

    public static async Task<LayerStore> LoadAsync(Database database, StorePaths paths, Staging staging)
    {
        var store = new LayerStore(database, paths, staging);
        foreach (var layer in await database.RunAsync(Durability.Process, connection => connection.Query(
            row => new Layer(Digest.FromHex(row.GetString(0)), row.GetInt64(1), row.GetInt64(2)), "SELECT diff_id, size, tar_size FROM layer")))
        {
            store._layers.Add(layer.DiffId, layer);
        }

        foreach (var path in Directory.EnumerateDirectories(paths.Layers))
        {
            if (!Digest.TryParse("sha256:" + Path.GetFileName(path), out var digest) || !store._layers.ContainsKey(digest))
                _ = staging.DiscardAsync(path);
        }

        return store;
    }

    public Layer? Find(Digest diffId)
    {
        lock (_gate) return _layers.GetValueOrDefault(diffId);
    }

    /// <summary>
    /// Takes finished, staged layers in: their data reaches the disk first, then their names, then the rows that make them complete.
    /// Those that are there already are left as they are. The caller holds the image store's write lock.
    /// </summary>
    public async Task CommitAsync(IReadOnlyList<(Layer Layer, string StagedPath)> staged)
    {
        var fresh = staged.Where(one => Find(one.Layer.DiffId) is null).DistinctBy(one => one.Layer.DiffId).ToList();
        if (fresh.Count == 0) return;
        await Task.Run(() =>
        {
            using var directory = DirectoryHandle.Open(_paths.Layers);
            directory.SyncFileSystem();
            foreach (var (layer, path) in fresh) Directory.Move(path, _paths.Layer(layer.DiffId));
        });
        try
        {
            await _database.RunAsync(Durability.Power, database =>
            {
                foreach (var (layer, _) in fresh)
                {
                    database.Execute(
                        "INSERT INTO layer (diff_id, size, tar_size) VALUES ($1, $2, $3)", layer.DiffId.Hex, layer.Size, layer.TarSize);
                }
            });
        }
        catch
        {
            foreach (var (layer, _) in fresh) _ = _staging.DiscardAsync(_paths.Layer(layer.DiffId));
            throw;
        }

        lock (_gate)
        {
            foreach (var (layer, _) in fresh) _layers[layer.DiffId] = layer;
        }
    }

    /// <summary>Keeps layers from removal while somebody reads them. False, and none is kept, when one of them is not there.</summary>
    public bool TryHold(IReadOnlySet<Digest> diffIds)
    {
        lock (_gate)
        {
            if (!diffIds.All(_layers.ContainsKey)) return false;
            foreach (var diffId in diffIds) _held[diffId] = _held.GetValueOrDefault(diffId) + 1;
            return true;
        }
    }

    /// <returns>Whether a removal has passed over layers because they were held: collect again.</returns>
    public bool Release(IReadOnlySet<Digest> diffIds)
    {
        lock (_gate)
        {
            foreach (var diffId in diffIds)
            {
                if (--_held[diffId] == 0) _held.Remove(diffId);
            }

            var owed = _removalOwed;
            _removalOwed = false;
            return owed;
        }
    }

    /// <summary>
    /// Forgets and removes layers, but for those that are held; the caller holds the image store's write lock and knows that nothing
    /// else uses them.
    /// </summary>
    /// <returns>The removal of their files, which nobody needs to wait for.</returns>
    public async Task<Task> RemoveAsync(IReadOnlyCollection<Digest> diffIds)
    {
        List<Layer> going;
        lock (_gate)
        {
            going = [.. diffIds.Where(diffId => !_held.ContainsKey(diffId)).Select(_layers.GetValueOrDefault).OfType<Layer>()];
            _removalOwed |= going.Count < diffIds.Count;
            // Out of sight first: from here on nobody takes hold of them.
            foreach (var layer in going) _layers.Remove(layer.DiffId);
        }

        if (going.Count == 0) return Task.CompletedTask;
        try
        {
            await _database.RunAsync(Durability.Power, database =>
            {
                foreach (var layer in going) database.Execute("DELETE FROM layer WHERE diff_id = $1", layer.DiffId.Hex);
            });
        }
        catch
        {
            lock (_gate)
            {
                foreach (var layer in going) _layers[layer.DiffId] = layer;
            }

            throw;
        }

        return Task.WhenAll(going.Select(layer => _staging.DiscardAsync(_paths.Layer(layer.DiffId))));
    }

    public IReadOnlyList<Digest> All()
    {
        lock (_gate) return [.. _layers.Keys];
    }
}
