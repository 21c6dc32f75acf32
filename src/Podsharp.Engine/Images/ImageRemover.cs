using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images;

/// <summary>The steps that removal and pruning share: taking names away, and deleting an image that nothing needs.</summary>
public sealed class ImageRemover(IImageStore images, ImageUse use, EventPublisher events)
{
    /// <summary>Takes one name away; the image stays.</summary>
    public async Task<ImageRemoval> UntagAsync(Image image, ImageReference name, CancellationToken cancellationToken)
    {
        await images.UntagAsync(name, cancellationToken);
        events.Untagged(image);
        return ImageRemoval.OfName(name);
    }

    /// <summary>Why the image must stay, or null. What no force can overcome comes first.</summary>
    /// <param name="force">Ignore what can be forced.</param>
    /// <param name="allowSeveralNames">Several names are no reason.</param>
    public EngineException? FindConflict(Image image, bool force, bool allowSeveralNames)
    {
        if (images.All.Any(other => other.Parent == image.Id)) return Conflict(image, "cannot be forced", "image has dependent child images");

        var users = use.Of(image.Id).ToList();
        if (users.Find(user => user.State.IsRunning) is { } running)
            return Conflict(image, "cannot be forced", $"image is being used by running container {running.Id.Short}");
        if (force) return null;

        if (!allowSeveralNames && image.AllTags().Count() + image.RepositoryDigests.Count > 1)
            return Conflict(image, "must be forced", "image is referenced in multiple repositories");
        return users is [var stopped, ..]
            ? Conflict(image, "must be forced", $"image is being used by stopped container {stopped.Id.Short}")
            : null;
    }

    /// <summary>Deletes the image with all its names. What is gone is listed: names, the image, then its layers that nothing else has, top first.</summary>
    public async Task<(List<ImageRemoval> Removed, long Bytes)> DeleteAsync(Image image, CancellationToken cancellationToken)
    {
        var layers = image.Layers.Select(images.FindLayer).ToList();
        await images.RemoveAsync(image.Id, cancellationToken);

        var removed = new List<ImageRemoval>();
        // A name that means another platform's image, too, goes on meaning that one.
        foreach (var name in image.AllTags().Concat(image.RepositoryDigests).Where(name => images.Find(name) is null))
        {
            events.Untagged(image);
            removed.Add(ImageRemoval.OfName(name));
        }

        events.Deleted(image);
        removed.Add(ImageRemoval.OfContent(image.Id));

        long bytes = 0;
        var chains = LayerChain.Ids(image.Layers);
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            if (layers[i] is not { } layer || images.FindLayer(layer.DiffId) is not null) continue;
            removed.Add(ImageRemoval.OfContent(chains[i]));
            bytes += layer.Size;
        }

        return (removed, bytes);
    }

    private static EngineException Conflict(Image image, string whether, string why) =>
        EngineException.Conflict($"conflict: unable to delete {image.Id.Short} ({whether}) - {why}", "image is in use");
}
