using Podsharp.Core.Images;

namespace Podsharp.Storage.Images;

/// <summary>An immutable view of all images; a change makes a new one.</summary>
internal sealed class ImageIndex
{
    public static readonly ImageIndex Empty = new([]);
    private readonly Dictionary<Digest, Image> _byId;
    private readonly Dictionary<ImageReference, Image> _byReference = [];

    private ImageIndex(IReadOnlyList<Image> images)
    {
        All = images;
        _byId = images.ToDictionary(image => image.Id);
        // A digest of an index is that of several images: the one whose own its tag is comes first.
        foreach (var image in images.OrderByDescending(static image => image.Tags.Count > 0))
        {
            foreach (var reference in image.Tags.Concat(image.RepositoryDigests)) _byReference.TryAdd(reference, image);
            // An image is also known by its manifest's digest under each of its names.
            if (image.ManifestDigest is not { } digest) continue;
            foreach (var tag in image.AllTags()) _byReference.TryAdd(tag.WithDigest(digest), image);
        }
    }

    public IReadOnlyList<Image> All { get; }

    public Image? Find(Digest id) => _byId.GetValueOrDefault(id);

    public Image? Find(ImageReference reference) =>
        _byReference.TryGetValue(reference, out var image) ? image
        // name:tag@digest: the digest decides.
        : reference is { Tag: not null, Digest: { } digest } ? _byReference.GetValueOrDefault(reference.WithDigest(digest))
        : null;

    public ImageIndex With(IReadOnlyList<Image> changed)
    {
        var byId = changed.ToDictionary(image => image.Id);
        var kept = All.Select(image => byId.Remove(image.Id, out var replacement) ? replacement : image).ToList();
        kept.AddRange(byId.Values);
        return new ImageIndex(kept);
    }

    public ImageIndex Without(Digest id) => new([.. All.Where(image => image.Id != id)]);
}
