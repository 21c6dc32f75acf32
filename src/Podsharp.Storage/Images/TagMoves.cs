using Podsharp.Core.Images;

namespace Podsharp.Storage.Images;

/// <summary>What a change of tags makes of the images that have them. A tag is one image's own, and may mean images of other platforms for theirs.</summary>
internal static class TagMoves
{
    /// <summary>The image with more tags, and the others that are changed by it: they lose them.</summary>
    /// <param name="means">Whether a tag means another image, of another platform, from now on.</param>
    public static List<Image> Give(
        Image image, IReadOnlyList<ImageReference> tags, IReadOnlyCollection<Image> all, Func<Image, ImageReference, bool> means)
    {
        var given = tags.ToHashSet();
        var platform = Platform.Of(image.Config);
        var changed = new List<Image>();
        foreach (var other in given.Count == 0 ? [] : all)
        {
            var mayBeMeant = Platform.Of(other.Config) != platform && given.Any(tag => means(other, tag));
            if (other.Id == image.Id || (!mayBeMeant && !other.AllTags().Any(given.Contains))) continue;
            List<ImageReference> own = [.. other.Tags.Where(tag => !given.Contains(tag))];
            List<ImageReference> forPlatform = [.. other.PlatformTags.Where(tag => !given.Contains(tag))];
            if (mayBeMeant) forPlatform.AddRange(given.Where(tag => means(other, tag)));
            if (own.Count < other.Tags.Count || !forPlatform.SequenceEqual(other.PlatformTags)) changed.Add(other with { Tags = own, PlatformTags = forPlatform });
        }

        changed.Add(image with { Tags = [.. image.Tags.Union(tags)], PlatformTags = [.. image.PlatformTags.Where(tag => !given.Contains(tag))] });
        return changed;
    }

    /// <summary>Whether the other image has the tag and came out of the same index, which a pull notes as a digest of the repository.</summary>
    public static bool StaysOf(Image winner, Image other, ImageReference tag) =>
        other.AllTags().Contains(tag)
        && other.RepositoryDigests.Any(digest => digest.Repository == tag.Repository && winner.RepositoryDigests.Contains(digest));

    /// <summary>All images that have the name, without it.</summary>
    public static List<Image> Take(ImageReference name, IReadOnlyCollection<Image> all) =>
    [
        .. all.Where(image => image.AllTags().Concat(image.RepositoryDigests).Contains(name)).Select(image => image with
        {
            Tags = [.. image.Tags.Where(tag => tag != name)],
            PlatformTags = [.. image.PlatformTags.Where(tag => tag != name)],
            RepositoryDigests = [.. image.RepositoryDigests.Where(digest => digest != name)],
        }),
    ];

    /// <summary>The images whose own the tags become that another has left; one that means no other is nobody's.</summary>
    public static List<Image> Inherit(IEnumerable<ImageReference> left, IReadOnlyCollection<Image> all)
    {
        var heirs = new Dictionary<Digest, Image>();
        foreach (var tag in left)
        {
            if (all.FirstOrDefault(image => image.PlatformTags.Contains(tag)) is not { } found) continue;
            var heir = heirs.GetValueOrDefault(found.Id, found);
            heirs[found.Id] = heir with { Tags = [.. heir.Tags, tag], PlatformTags = [.. heir.PlatformTags.Where(other => other != tag)] };
        }

        return [.. heirs.Values];
    }
}
