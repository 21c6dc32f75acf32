using System.Text.Json;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Storage.Containers;
using Podsharp.Storage.Databases;
using Podsharp.Storage.Layers;

namespace Podsharp.Storage.Images;

/// <summary>Images, and with them the life of layers and blobs. Writers wait for each other; readers wait for nobody.</summary>
internal sealed class ImageStore : IImageStore, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Database _database;
    private readonly LayerStore _layers;
    private readonly BlobStore _blobs;
    private readonly ContainerStore _containers;
    private readonly TimeProvider _clock;
    private readonly SparedLayers _spared;
    private readonly SemaphoreSlim _writing = new(1);
    private volatile ImageIndex _index = ImageIndex.Empty;

    private ImageStore(Database database, LayerStore layers, BlobStore blobs, ContainerStore containers, TimeProvider clock, SparedLayers spared) =>
        (_database, _layers, _blobs, _containers, _clock, _spared) = (database, layers, blobs, containers, clock, spared);

    public IReadOnlyCollection<Image> All => _index.All;

    public static async Task<ImageStore> LoadAsync(
        Database database, LayerStore layers, BlobStore blobs, ContainerStore containers, TimeProvider clock)
    {
        var images = await database.RunAsync(Durability.Process, connection => connection.Query(
            row => StoreJson.ReadImage(row.GetFieldValue<byte[]>(0)), "SELECT record FROM image"));
        var spared = await SparedLayers.LoadAsync(database, clock);
        var store = new ImageStore(database, layers, blobs, containers, clock, spared) { _index = ImageIndex.Empty.With(images) };
        containers.Removed = store.ReleaseAsync;
        return store;
    }

    public Image? Find(Digest id) => _index.Find(id);

    public Image? Find(ImageReference reference) => _index.Find(reference);

    public IReadOnlyList<Image> FindByPrefix(string prefix) =>
        [.. _index.All.Where(image => image.Id.Hex.StartsWith(prefix, StringComparison.Ordinal))];

    public Layer? FindLayer(Digest diffId) => _layers.Find(diffId);

    public byte[]? ReadBlob(Digest digest) => _blobs.Read(digest);

    public async ValueTask<Image> AddAsync(Image image, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        await SaveAsync(Merge(Find(image.Id), image, All, []));
        return Find(image.Id)!;
    }

    /// <summary>Takes staged layers in and adds their images, so that no removal comes between.</summary>
    /// <param name="blobs">Contents of configurations and manifests.</param>
    /// <param name="layerBlobs">Staged files that are layers' blobs.</param>
    public async Task<IReadOnlyList<Image>> AddAsync(
        IReadOnlyList<(Layer Layer, string StagedPath)> staged,
        IReadOnlyList<byte[]> blobs,
        IReadOnlyList<Image> images,
        CancellationToken cancellationToken,
        IReadOnlyList<(Digest Digest, string StagedPath)>? layerBlobs = null)
    {
        using var turn = await EnterAsync(cancellationToken);
        try
        {
            foreach (var blob in blobs) _blobs.Write(blob);
            foreach (var (digest, path) in layerBlobs ?? []) _blobs.Take(digest, path);
            await _layers.CommitAsync(staged);
            // All are written at once: an archive comes in whole or not at all.
            var (after, changed) = (All.ToDictionary(static image => image.Id), new Dictionary<Digest, Image>());
            var held = All.SelectMany(static image => image.AllTags()).ToHashSet();
            var meant = images.SelectMany(static image => image.PlatformTags.Select(tag => (image.Id, tag))).ToHashSet();
            foreach (var image in images)
            {
                var size = image.Layers.Sum(diffId => _layers.Find(diffId)?.Size ?? throw MissingLayer(image, diffId));
                // Names that nobody has, and that mean no other, are taken from nobody.
                var losers = meant.Count > 0 || image.Tags.Any(held.Contains) ? (IReadOnlyCollection<Image>)after.Values : [];
                foreach (var one in Merge(after.GetValueOrDefault(image.Id), image with { Size = size }, losers, meant)) after[one.Id] = changed[one.Id] = one;
                held.UnionWith(image.AllTags());
            }

            await SaveAsync([.. changed.Values]);
            await _spared.ForgetAsync(images.SelectMany(static image => image.Layers));
            return [.. images.Select(image => Find(image.Id)!)];
        }
        catch
        {
            await CollectAsync();
            throw;
        }
    }

    /// <summary>Takes staged layers in that no image uses yet. They are spared for an hour.</summary>
    public async Task KeepAsync(IReadOnlyList<(Layer Layer, string StagedPath)> staged, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        List<Digest> fresh = [.. staged.Select(static one => one.Layer.DiffId).Where(diffId => _layers.Find(diffId) is null)];
        await _layers.CommitAsync(staged);
        await _spared.AddAsync(fresh);
    }

    public async ValueTask TagAsync(Digest id, ImageReference tag, IReadOnlyList<Digest> platforms, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        var image = Find(id) ?? throw EngineException.NoSuchImage(id.ToString());
        await SaveAsync(TagMoves.Give(image with { LastTagged = _clock.GetUtcNow() }, [tag], All, (other, _) => platforms.Contains(other.Id)));
    }

    public async ValueTask UntagAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        if (Find(reference) is null) throw EngineException.NoSuchImage(reference.Familiar);
        await SaveAsync(TagMoves.Take(reference, All));
    }

    /// <inheritdoc cref="ILayerBlobs.AdoptManifestAsync"/>
    public async Task AdoptManifestAsync(
        Digest id, byte[] manifest, string mediaType, IReadOnlyList<Digest> layerBlobs, ImageReference repositoryDigest, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        if (Find(id) is not { } image) return;
        var digest = _blobs.Write(manifest);
        // A push of what has been pushed before.
        if (image.ManifestDigest == digest && image.ManifestMediaType == mediaType && image.LayerBlobs.SequenceEqual(layerBlobs)
            && image.RepositoryDigests.Contains(repositoryDigest)) return;
        await SaveAsync([image with
        {
            ManifestDigest = digest,
            ManifestMediaType = mediaType,
            LayerBlobs = layerBlobs,
            RepositoryDigests = [.. image.RepositoryDigests.Append(repositoryDigest).Distinct()],
        }]);
        if (image.ManifestDigest is { } old && old != digest) await CollectAsync();
    }

    public async ValueTask RemoveAsync(Digest id, CancellationToken cancellationToken)
    {
        Task files;
        using (await EnterAsync(cancellationToken))
        {
            if (Find(id) is not { } image) return;
            await _database.RunAsync(Durability.Power, database => database.Execute("DELETE FROM image WHERE id = $1", id.Hex));
            _index = _index.Without(id);
            if (TagMoves.Inherit(image.Tags, All) is { Count: > 0 } heirs) await SaveAsync(heirs);
            files = await CollectAsync();
        }

        // Space that is free again soon is worth a wait; millions of files are not. Staging finishes them.
        await Task.WhenAny(files, Task.Delay(Patience, cancellationToken));
    }

    /// <summary>Keeps layers while somebody reads them; disposing frees what was to be removed meanwhile. Null when one is not there.</summary>
    public IAsyncDisposable? TryHold(IEnumerable<Digest> layers)
    {
        var distinct = layers.ToHashSet();
        return _layers.TryHold(distinct) is { } hold ? new Reading(this, hold, distinct) : null;
    }

    /// <summary>Forgets a layer that is damaged, whoever needs it.</summary>
    public async Task DropLayerAsync(Digest diffId, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        await await _layers.RemoveAsync([diffId]);
    }

    /// <summary>Puts a staged layer in the place of one that is damaged or missing.</summary>
    public async Task ReplaceLayerAsync(Layer layer, string stagedPath, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        await await _layers.RemoveAsync([layer.DiffId]);
        await _layers.CommitAsync([(layer, stagedPath)]);
    }

    public void Dispose() => _writing.Dispose();

    // An image that was removed by force leaves its layers to the containers that stand on them.
    private async Task ReleaseAsync(Container container)
    {
        var mounted = container.Mounts.Where(static mount => mount.Layers.Count > 0).ToList();
        var stands = container.Layers.Count == 0 || Find(container.ImageId) is not null;
        if (stands && mounted.TrueForAll(mount => Find(Digest.Parse(mount.Source)) is not null)) return;
        Task files;
        using (await EnterAsync(CancellationToken.None)) files = await CollectAsync();
        await Task.WhenAny(files, Task.Delay(Patience));
    }

    /// <summary>Removes layers and blobs that nothing uses any more. Only for the holder of the turn.</summary>
    /// <returns>The removal of the files.</returns>
    public async Task<Task> CollectAsync()
    {
        var images = _index.All;
        var usedLayers = _containers.LayersInUse();
        usedLayers.UnionWith(images.SelectMany(image => image.Layers));
        usedLayers.UnionWith(await _spared.CurrentAsync());
        var usedBlobs = images.SelectMany(image => image.LayerBlobs.Append(image.Id).Append(image.ManifestDigest ?? image.Id)).ToHashSet();
        var files = await _layers.RemoveAsync([.. _layers.All().Where(diffId => !usedLayers.Contains(diffId))]);
        foreach (var blob in _blobs.All().Where(digest => !usedBlobs.Contains(digest)).ToList()) _blobs.Remove(blob);
        return files;
    }

    /// <summary>Collects what a crash between a removal and its collection left.</summary>
    public async Task CollectAtStartAsync()
    {
        using var turn = await EnterAsync(CancellationToken.None);
        await CollectAsync();
        await Task.Run(() => _blobs.Learn(_index.All.SelectMany(static image => image.LayerBlobs).Distinct()));
    }

    private static EngineException MissingLayer(Image image, Digest diffId) =>
        EngineException.InvalidInput($"image {image.Id.Short} needs the layer {diffId}, which is neither in the archive nor in the store");

    /// <param name="meant">Images that come with it, and the tags that mean them for their platforms.</param>
    /// <returns>What becomes of it, and of the images that its tags move from.</returns>
    private List<Image> Merge(Image? present, Image image, IReadOnlyCollection<Image> all, HashSet<(Digest Id, ImageReference Tag)> meant)
    {
        var merged = present is null ? image with { Tags = [], PlatformTags = [] } : present with
        {
            ManifestDigest = present.ManifestDigest ?? image.ManifestDigest,
            ManifestMediaType = present.ManifestDigest is null ? image.ManifestMediaType : present.ManifestMediaType,
            LayerBlobs = present.ManifestDigest is null ? image.LayerBlobs : present.LayerBlobs,
        };
        merged = merged with
        {
            RepositoryDigests = [.. merged.RepositoryDigests.Union(image.RepositoryDigests)],
            LastTagged = image.Tags.Count > 0 ? image.LastTagged ?? _clock.GetUtcNow() : merged.LastTagged,
        };
        merged = merged with { PlatformTags = [.. merged.PlatformTags.Union(image.PlatformTags).Except(merged.Tags)] };
        return TagMoves.Give(merged, image.Tags, all, Means);

        bool Means(Image other, ImageReference tag) => meant.Contains((other.Id, tag)) || TagMoves.StaysOf(merged, other, tag);
    }

    private async Task SaveAsync(List<Image> images)
    {
        var rows = images.ConvertAll(image => (image.Id.Hex, Json: JsonSerializer.SerializeToUtf8Bytes(image, StoreJson.Default.Image)));
        await _database.RunAsync(Durability.Power, database =>
        {
            foreach (var (id, json) in rows) database.Execute("INSERT OR REPLACE INTO image (id, record) VALUES ($1, $2)", id, json);
        });
        _index = _index.With(images);
    }

    private async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        return new Turn(_writing);
    }

    private sealed class Reading(ImageStore store, IDisposable hold, HashSet<Digest> layers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            hold.Dispose();
            if (!store._layers.TakePassedOver(layers)) return;
            using var turn = await store.EnterAsync(CancellationToken.None);
            await store.CollectAsync();
        }
    }

    private readonly struct Turn(SemaphoreSlim writing) : IDisposable
    {
        public void Dispose() => writing.Release();
    }
}
