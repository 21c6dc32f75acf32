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

    public Image? Find(ImageReference reference) =>
        _images.Values.OrderByDescending(image => image.Tags.Count > 0).FirstOrDefault(image => image.Tags.Concat(image.RepositoryDigests).Contains(reference));

    public IReadOnlyList<Image> FindByPrefix(string prefix) =>
        [.. _images.Values.Where(image => image.Id.Hex.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Puts an image in without awaiting, for arranging tests.</summary>
    public Image Put(Image image)
    {
        if (_images.TryGetValue(image.Id, out var present))
            image = present with
            {
                Tags = [.. present.Tags.Union(image.Tags)],
                PlatformTags = [.. present.PlatformTags.Union(image.PlatformTags).Except(image.Tags)],
                RepositoryDigests = [.. present.RepositoryDigests.Union(image.RepositoryDigests)],
                LastTagged = image.LastTagged ?? present.LastTagged,
            };
        foreach (var tag in image.Tags) Move(tag, image, other => AreOfOneIndex(image, other, tag) && other.AllTags().Contains(tag));
        return _images[image.Id] = image;
    }

    public void Replace(Image image) => _images[image.Id] = image;

    public ValueTask<Image> AddAsync(Image image, CancellationToken cancellationToken) => new(Put(image));

    public ValueTask TagAsync(Digest id, ImageReference tag, IReadOnlyList<Digest> platforms, CancellationToken cancellationToken)
    {
        var image = _images[id];
        Move(tag, image, other => platforms.Contains(other.Id));
        _images[id] = image with
        {
            Tags = [.. image.Tags.Append(tag).Distinct()], PlatformTags = [.. image.PlatformTags.Where(one => one != tag)], LastTagged = _clock.GetUtcNow(),
        };
        return ValueTask.CompletedTask;
    }

    public ValueTask UntagAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        Take(reference);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(Digest id, CancellationToken cancellationToken)
    {
        _images.Remove(id, out var removed);
        foreach (var tag in removed?.Tags ?? [])
        {
            if (_images.Values.FirstOrDefault(image => image.PlatformTags.Contains(tag)) is not { } heir) continue;
            _images[heir.Id] = heir with { Tags = [.. heir.Tags, tag], PlatformTags = [.. heir.PlatformTags.Where(one => one != tag)] };
        }

        var used = _images.Values.SelectMany(image => image.Layers).ToHashSet();
        foreach (var layer in Layers.Keys.Where(layer => !used.Contains(layer)).ToList()) Layers.Remove(layer);
        return ValueTask.CompletedTask;
    }

    public Layer? FindLayer(Digest diffId) => Layers.GetValueOrDefault(diffId);

    public byte[]? ReadBlob(Digest digest) => Blobs.GetValueOrDefault(digest);

    private static bool AreOfOneIndex(Image one, Image other, ImageReference tag) =>
        other.RepositoryDigests.Any(digest => digest.Repository == tag.Repository && one.RepositoryDigests.Contains(digest));

    private void Move(ImageReference tag, Image winner, Func<Image, bool> keeps)
    {
        foreach (var other in _images.Values.Where(other => other.Id != winner.Id).ToList())
        {
            var kept = Platform.Of(other.Config) != Platform.Of(winner.Config) && keeps(other);
            Take(tag, other.Id);
            if (kept) _images[other.Id] = _images[other.Id] with { PlatformTags = [.. _images[other.Id].PlatformTags, tag] };
        }
    }

    private void Take(ImageReference reference)
    {
        foreach (var id in _images.Keys.ToList()) Take(reference, id);
    }

    private void Take(ImageReference reference, Digest id)
    {
        var image = _images[id];
        _images[id] = image with
        {
            Tags = [.. image.Tags.Where(tag => tag != reference)],
            PlatformTags = [.. image.PlatformTags.Where(tag => tag != reference)],
            RepositoryDigests = [.. image.RepositoryDigests.Where(name => name != reference)],
        };
    }
}
