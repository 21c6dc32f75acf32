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
    private readonly Dictionary<Digest, int> _holds = [];
    private readonly HashSet<Digest> _passedOver = [];
    private readonly Dictionary<Digest, long> _disk = [];

    private LayerStore(Database database, StorePaths paths, Staging staging) => (_database, _paths, _staging) = (database, paths, staging);

    public static async Task<LayerStore> LoadAsync(Database database, StorePaths paths, Staging staging)
    {
        var store = new LayerStore(database, paths, staging);
        foreach (var (layer, disk) in await database.RunAsync(Durability.Process, connection => connection.Query(
            row => (new Layer(Digest.FromHex(row.GetString(0)), row.GetInt64(1), row.GetInt64(2)), row.IsDBNull(3) ? (long?)null : row.GetInt64(3)),
            "SELECT diff_id, size, tar_size, disk FROM layer")))
        {
            store._layers.Add(layer.DiffId, layer);
            if (disk is { } bytes) store._disk.Add(layer.DiffId, bytes);
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

    /// <summary>
    /// Forgets and removes layers, but for those that are held; the caller holds the image store's write lock and knows that nothing
    /// on record uses them.
    /// </summary>
    /// <returns>The removal of their files, which nobody needs to wait for.</returns>
    public async Task<Task> RemoveAsync(IReadOnlyCollection<Digest> diffIds)
    {
        List<Layer> going;
        lock (_gate)
        {
            _passedOver.UnionWith(diffIds.Where(_holds.ContainsKey));
            going = [.. diffIds.Where(diffId => !_holds.ContainsKey(diffId)).Select(_layers.GetValueOrDefault).OfType<Layer>()];
            // Out of sight first: from here on nobody begins to read them.
            foreach (var layer in going)
            {
                _layers.Remove(layer.DiffId);
                _disk.Remove(layer.DiffId);
            }
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

    /// <summary>Holds layers to read them; null when one of them is not there.</summary>
    public IDisposable? TryHold(IReadOnlySet<Digest> diffIds)
    {
        lock (_gate) return diffIds.All(_layers.ContainsKey) ? Hold(diffIds) : null;
    }

    /// <summary>Whether a removal has passed over one of these because it was held: whoever let go of it collects again.</summary>
    public bool TakePassedOver(IReadOnlySet<Digest> diffIds)
    {
        lock (_gate)
        {
            var any = _passedOver.Overlaps(diffIds);
            _passedOver.ExceptWith(diffIds);
            return any;
        }
    }

    /// <summary>Counted holds on layers that nothing on record uses yet.</summary>
    public IDisposable Hold(IReadOnlyCollection<Digest> diffIds)
    {
        Digest[] held = [.. diffIds];
        lock (_gate)
        {
            foreach (var diffId in held) _holds[diffId] = _holds.GetValueOrDefault(diffId) + 1;
        }

        return new LayerHold(this, held);
    }

    /// <summary>Bytes that the layer takes on the disk; null while nobody has counted.</summary>
    public long? DiskOf(Digest diffId)
    {
        lock (_gate) return _disk.TryGetValue(diffId, out var bytes) ? bytes : null;
    }

    /// <summary>A layer never changes, so that it has to be counted but once.</summary>
    public Task KeepDiskAsync(Digest diffId, long bytes)
    {
        lock (_gate)
        {
            if (!_layers.ContainsKey(diffId)) return Task.CompletedTask;
            _disk[diffId] = bytes;
        }

        return _database.RunAsync(
            Durability.Process, database => database.Execute("UPDATE layer SET disk = $2 WHERE diff_id = $1", diffId.Hex, bytes));
    }

    public IReadOnlyList<Digest> All()
    {
        lock (_gate) return [.. _layers.Keys];
    }

    private void Release(Digest[] diffIds)
    {
        lock (_gate)
        {
            foreach (var diffId in diffIds)
            {
                if (--_holds[diffId] == 0) _holds.Remove(diffId);
            }
        }
    }

    private sealed class LayerHold(LayerStore store, Digest[] diffIds) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) store.Release(diffIds);
        }
    }
}
