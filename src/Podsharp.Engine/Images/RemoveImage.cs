using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>
/// Takes a name away and, when it was the last, deletes the image, with those of other platforms that the name meant; by id, deletes the one image when it has
/// no more than one name. Containers that use it, and several names, are conflicts that force overcomes; running containers are not.
/// </summary>
public sealed class RemoveImage(ImageLookup lookup, IImageStore images, ImageUse use, ImageRemover remover, ImageLocks locks)
{
    public async Task<IReadOnlyList<ImageRemoval>> RunAsync(RemoveImageRequest request, CancellationToken cancellationToken)
    {
        var found = lookup.Find(request.Image);
        var platforms = lookup.PlatformsOf(found);
        List<ImageRemoval> removed;
        using (await locks.EnterAsync(platforms.Select(static image => image.Id), cancellationToken))
        {
            found = lookup.Find(request.Image);
            removed = found.Name is { } name
                ? await RemoveNameAsync(lookup.PlatformsOf(found), name, request, cancellationToken)
                : await RemoveByIdAsync(found.Image, request.Force, cancellationToken);
        }

        foreach (var image in request.Prune ? platforms : [])
        {
            if (images.Find(image.Id) is null) await RemoveParentsAsync(image, removed, cancellationToken);
        }

        return removed;
    }

    private async Task<List<ImageRemoval>> RemoveNameAsync(
        IReadOnlyList<Image> platforms, ImageReference name, RemoveImageRequest request, CancellationToken cancellationToken)
    {
        foreach (var image in platforms)
        {
            if (!request.Force && HasOneName(image) && use.Of(image.Id).FirstOrDefault() is { } user)
                throw EngineException.Conflict(
                    $"conflict: unable to remove repository reference \"{request.Image}\" (must force) - "
                    + $"container {user.Id.Short} is using its referenced image {image.Id.Short}",
                    "image is in use");
        }

        List<ImageRemoval> removed = [await remover.UntagAsync(platforms[0], name, cancellationToken)];
        foreach (var id in platforms.Select(static image => image.Id))
        {
            // Digests of a repository whose last tag has gone go with it.
            if (name.Tag is not null && Present(id) is var untagged && untagged.AllTags().All(tag => tag.Repository != name.Repository))
                foreach (var digest in untagged.RepositoryDigests.Where(digest => digest.Repository == name.Repository).ToList())
                    removed.Add(await remover.UntagAsync(untagged, digest, cancellationToken));
        }

        foreach (var id in platforms.Select(static image => image.Id))
        {
            // Its name is gone in any case; content that is still needed stays, without a name.
            var image = Present(id);
            if (!image.AllTags().Any() && image.RepositoryDigests.Count == 0 && remover.FindConflict(image, request.Force, allowSeveralNames: true) is null)
                removed.AddRange((await remover.DeleteAsync(image, cancellationToken)).Removed);
        }

        return removed;

        Image Present(Digest id) => images.Find(id) ?? throw EngineException.NoSuchImage(request.Image);
    }

    private async Task<List<ImageRemoval>> RemoveByIdAsync(Image image, bool force, CancellationToken cancellationToken)
    {
        if (remover.FindConflict(image, force, allowSeveralNames: HasOneName(image)) is { } conflict) throw conflict;
        return (await remover.DeleteAsync(image, cancellationToken)).Removed;
    }

    private async Task RemoveParentsAsync(Image image, List<ImageRemoval> removed, CancellationToken cancellationToken)
    {
        while (image.Parent is { } id)
        {
            using var held = await locks.EnterAsync(id, cancellationToken);
            if (images.Find(id) is not { Tags.Count: 0, PlatformTags.Count: 0, RepositoryDigests.Count: 0 } parent) return;
            if (remover.FindConflict(parent, force: false, allowSeveralNames: true) is not null) return;
            removed.AddRange((await remover.DeleteAsync(parent, cancellationToken)).Removed);
            image = parent;
        }
    }

    // A tag and the digest of the same repository are one name in two forms.
    private static bool HasOneName(Image image)
    {
        List<ImageReference> tags = [.. image.AllTags()];
        if (tags.Count + image.RepositoryDigests.Count <= 1) return true;
        if (image.RepositoryDigests.Count != 1 || tags.Count > 1) return false;
        return tags.Count == 0 || tags[0].Repository == image.RepositoryDigests[0].Repository;
    }
}
