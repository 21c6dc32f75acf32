using Podsharp.Core.Images;
using Podsharp.Core.Queries;

namespace Podsharp.Engine.Images;

/// <summary>Lists images, newest first.</summary>
public sealed class ListImages(IImageStore images, ImageLookup lookup, ImageUse use, DescribeManifest manifest, TimeProvider clock)
{
    public Task<IReadOnlyList<ImageListing>> RunAsync(ListImagesRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var filters = request.Filters.Knowing("before", "since", "dangling", "label", "label!", "reference", "until");
        var all = images.All;
        var (after, before) = Bounds(filters);
        var patterns = filters["reference"].Select(NamePattern.Parse).ToList();
        var dangling = filters.Flag("dangling");
        var parents = all.Where(image => image.Parent is not null).Select(image => image.Parent!.Value).ToHashSet();
        var uses = use.Count();
        var sharers = request.SharedSize ? Sharers(all) : null;

        var listings = new List<ImageListing>();
        foreach (var image in all)
        {
            if (!IsWithin(image.Config.Created, after, before) || !filters.MatchesLabels(image.Config.Process.Labels)) continue;
            if (Dangles(image) ? dangling == false || (!request.All && parents.Contains(image.Id)) : dangling == true) continue;
            if (IsOtherPlatform(image) && !request.All) continue;
            var tags = Narrow(IsOtherPlatform(image) ? image.PlatformTags : image.Tags, patterns);
            var digests = Narrow(image.RepositoryDigests, patterns);
            if (patterns.Count > 0 && tags.Count + digests.Count == 0) continue;
            listings.Add(new ImageListing(
                image, tags, digests, uses.GetValueOrDefault(image.Id), SharedSize(image, sharers), request.Manifests ? manifest.Of(PlatformsOf(image, all)) : null));
        }

        return Task.FromResult<IReadOnlyList<ImageListing>>([.. listings.OrderByDescending(listing => listing.Image.Config.Created)]);
    }

    internal static bool Dangles(Image image) => image.Tags.Count + image.PlatformTags.Count == 0;

    // It is told with the image whose own the name is.
    private static bool IsOtherPlatform(Image image) => image.Tags.Count == 0 && image.PlatformTags.Count > 0;

    private static List<Image> PlatformsOf(Image image, IReadOnlyCollection<Image> all) =>
        [image, .. all.Where(other => other.PlatformTags.Any(image.Tags.Contains))];

    private (DateTimeOffset? After, DateTimeOffset? Before) Bounds(Filters filters)
    {
        DateTimeOffset? after = null, before = null;
        foreach (var name in filters["since"]) after = Later(after, lookup.Find(name).Image.Config.Created);
        foreach (var name in filters["before"]) before = Earlier(before, lookup.Find(name).Image.Config.Created);
        foreach (var text in filters["until"]) before = Earlier(before, TimeFilter.Parse(text, clock.GetUtcNow()));
        return (after, before);
    }

    private static bool IsWithin(DateTimeOffset? created, DateTimeOffset? after, DateTimeOffset? before) =>
        (after is null || created > after) && (before is null || created < before);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private static IReadOnlyList<ImageReference> Narrow(IReadOnlyList<ImageReference> names, List<NamePattern> patterns) =>
        patterns.Count == 0 ? names : [.. names.Where(name => patterns.Any(pattern => pattern.Matches(name)))];

    private static Dictionary<Digest, int> Sharers(IReadOnlyCollection<Image> all) =>
        all.SelectMany(image => image.Layers.Distinct()).GroupBy(layer => layer).ToDictionary(group => group.Key, group => group.Count());

    private long? SharedSize(Image image, Dictionary<Digest, int>? sharers) =>
        sharers is null ? null : image.Layers.Distinct().Where(layer => sharers[layer] > 1).Sum(layer => images.FindLayer(layer)?.Size ?? 0);
}
