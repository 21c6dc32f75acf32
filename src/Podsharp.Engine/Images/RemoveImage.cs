using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>
/// Takes a name away and, when it was the last, deletes the image; by id, deletes the image when it has no more than one name.
/// Containers that use it, and several names, are conflicts that force overcomes; running containers are not.
/// </summary>
public sealed class RemoveImage(ImageLookup lookup, IImageStore images, ImageUse use, ImageRemover remover, ImageLocks locks)
{
    public async Task<IReadOnlyList<ImageRemoval>> RunAsync(RemoveImageRequest request, CancellationToken cancellationToken)
    {
        var found = lookup.Find(request.Image);
        List<ImageRemoval> removed;
        using (await locks.EnterAsync(found.Image.Id, cancellationToken))
        {
            found = lookup.Find(request.Image);
            removed = found.Name is { } name
                ? await RemoveNameAsync(found.Image, name, request, cancellationToken)
                : await RemoveByIdAsync(found.Image, request.Force, cancellationToken);
        }

        if (request.Prune && images.Find(found.Image.Id) is null) await RemoveParentsAsync(found.Image, removed, cancellationToken);
        return removed;
    }

    private async Task<List<ImageRemoval>> RemoveNameAsync(
        Image image, ImageReference name, RemoveImageRequest request, CancellationToken cancellationToken)
    {
        if (!request.Force && HasOneName(image) && use.Of(image.Id).FirstOrDefault() is { } user)
            throw EngineException.Conflict(
                $"conflict: unable to remove repository reference \"{request.Image}\" (must force) - "
                + $"container {user.Id.Short} is using its referenced image {image.Id.Short}",
                "image is in use");

        List<ImageRemoval> removed = [await remover.UntagAsync(image, name, cancellationToken)];
        image = images.Find(image.Id) ?? throw EngineException.NoSuchImage(request.Image);

        // Digests of a repository whose last tag has gone go with it.
        if (name.Tag is not null && image.Tags.All(tag => tag.Repository != name.Repository))
            foreach (var digest in image.RepositoryDigests.Where(digest => digest.Repository == name.Repository).ToList())
                removed.Add(await remover.UntagAsync(image, digest, cancellationToken));

        image = images.Find(image.Id) ?? throw EngineException.NoSuchImage(request.Image);
        if (image.Tags.Count + image.RepositoryDigests.Count > 0) return removed;

        // Its name is gone in any case; content that is still needed stays, without a name.
        if (remover.FindConflict(image, request.Force, allowSeveralNames: true) is null)
            removed.AddRange((await remover.DeleteAsync(image, cancellationToken)).Removed);
        return removed;
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
            if (images.Find(id) is not { Tags.Count: 0, RepositoryDigests.Count: 0 } parent) return;
            if (remover.FindConflict(parent, force: false, allowSeveralNames: true) is not null) return;
            removed.AddRange((await remover.DeleteAsync(parent, cancellationToken)).Removed);
            image = parent;
        }
    }

    // A tag and the digest of the same repository are one name in two forms.
    private static bool HasOneName(Image image)
    {
        if (image.Tags.Count + image.RepositoryDigests.Count <= 1) return true;
        if (image.RepositoryDigests.Count != 1 || image.Tags.Count > 1) return false;
        return image.Tags.Count == 0 || image.Tags[0].Repository == image.RepositoryDigests[0].Repository;
    }
}
