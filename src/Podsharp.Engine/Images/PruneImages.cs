using Podsharp.Core.Events;
using Podsharp.Core.Images;
using Podsharp.Core.Queries;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images;

/// <summary>
/// Deletes images that no container uses: those without a tag or, with dangling=false, all (filters dangling, until, label). With them go compressed blobs
/// that are only kept for pushes: those of no tagged image or, with dangling=false and nothing else asked for, all.
/// </summary>
public sealed class PruneImages(IImageStore images, ImageUse use, ImageRemover remover, ImageLocks locks, ILayerBlobs blobs, EventPublisher events, TimeProvider clock)
{
    public async Task<PruneImagesOutcome> RunAsync(Filters filters, CancellationToken cancellationToken)
    {
        filters.Knowing("dangling", "until", "label", "label!");
        var danglingOnly = filters.Flag("dangling") ?? true;
        var until = filters.Single("until") is { } text ? TimeFilter.Parse(text, clock.GetUtcNow()) : DateTimeOffset.MaxValue;

        var removed = new List<ImageRemoval>();
        long reclaimed = 0;

        // Children come before their parents: a parent can go once its last child has gone.
        for (var candidates = Candidates(); candidates.Count > 0; candidates = Candidates())
        {
            var before = removed.Count;
            foreach (var candidate in candidates)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var held = await locks.EnterAsync(candidate.Id, cancellationToken);
                if (images.Find(candidate.Id) is not { } image || !MayGo(image)) continue;
                var (gone, bytes) = await remover.DeleteAsync(image, CancellationToken.None);
                removed.AddRange(gone);
                reclaimed += bytes;
            }

            if (removed.Count == before) break;
        }

        // Filters choose images; what is kept of the others isn't theirs.
        if (filters["until"].Count + filters["label"].Count + filters["label!"].Count == 0) reclaimed += blobs.Evict(keepTagged: danglingOnly);
        events.Pruned(EventSubject.Image, reclaimed);
        return new PruneImagesOutcome(removed, reclaimed);

        List<Image> Candidates() => [.. images.All.Where(MayGo)];

        bool MayGo(Image image) =>
            (!danglingOnly || ListImages.Dangles(image))
            && (image.Config.Created ?? DateTimeOffset.MinValue) < until
            && filters.MatchesLabels(image.Config.Process.Labels)
            && !use.Of(image.Id).Any()
            && images.All.All(other => other.Parent != image.Id);
    }
}
