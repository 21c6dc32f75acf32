using Podsharp.Core.Images;

namespace Podsharp.Testing;

/// <summary>Images in memory. Give it layers and blobs through <see cref="Layers"/> and <see cref="Blobs"/>.</summary>
public sealed class FakeImageStore(TimeProvider? clock = null) : IImageStore
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Dictionary<Digest, Image> _images = [];

    public Dictionary<Digest, Layer> Layers { get; } = [];

    public Dictionary<Digest, byte[]> Blobs { get; } = [];

    public IReadOnlyCollection<Image> All => [.. _images.Values];

    public Image? Find(Digest id) => _images.GetValueOrDefault(id);

    public Image? Find(ImageReference reference) => _images.Values.FirstOrDefault(image => Names(image).Contains(reference));

    public IReadOnlyList<Image> FindByPrefix(string prefix) =>
        [.. _images.Values.Where(image => image.Id.Hex.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Puts an image in without awaiting, for arranging tests.</summary>
    public Image Put(Image image)
    {
        foreach (var tag in image.Tags) Take(tag);
        if (_images.TryGetValue(image.Id, out var present))
            image = present with
            {
                Tags = [.. present.Tags.Union(image.Tags)],
                RepositoryDigests = [.. present.RepositoryDigests.Union(image.RepositoryDigests)],
                LastTagged = image.LastTagged ?? present.LastTagged,
            };
        return _images[image.Id] = image;
    }

    public void Replace(Image image) => _images[image.Id] = image;

    public ValueTask<Image> AddAsync(Image image, CancellationToken cancellationToken) => new(Put(image));

    public ValueTask TagAsync(Digest id, ImageReference tag, CancellationToken cancellationToken)
    {
        Take(tag);
        var image = _images[id];
        _images[id] = image with { Tags = [.. image.Tags, tag], LastTagged = _clock.GetUtcNow() };
        return ValueTask.CompletedTask;
    }

    public ValueTask UntagAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        Take(reference);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(Digest id, CancellationToken cancellationToken)
    {
        _images.Remove(id);
        var used = _images.Values.SelectMany(image => image.Layers).ToHashSet();
        foreach (var layer in Layers.Keys.Where(layer => !used.Contains(layer)).ToList()) Layers.Remove(layer);
        return ValueTask.CompletedTask;
    }

    public Layer? FindLayer(Digest diffId) => Layers.GetValueOrDefault(diffId);

    public byte[]? ReadBlob(Digest digest) => Blobs.GetValueOrDefault(digest);

    private static IEnumerable<ImageReference> Names(Image image) => image.Tags.Concat(image.RepositoryDigests);

    private void Take(ImageReference reference)
    {
        foreach (var image in _images.Values.Where(image => Names(image).Contains(reference)).ToList())
        {
            _images[image.Id] = image with
            {
                Tags = [.. image.Tags.Where(tag => tag != reference)],
                RepositoryDigests = [.. image.RepositoryDigests.Where(name => name != reference)],
            };
        }
    }
}
