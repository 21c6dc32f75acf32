namespace Podsharp.Core.Images;

/// <summary>The index of images; reads answer from memory, writes are durable when they return.</summary>
public interface IImageStore
{
    IReadOnlyCollection<Image> All { get; }

    Image? Find(Digest id);

    /// <summary>By tag or by repository digest; the reference must have one of them. Of several platforms the one whose own the name is.</summary>
    Image? Find(ImageReference reference);

    /// <summary>All whose id's hex starts with <paramref name="prefix"/>.</summary>
    IReadOnlyList<Image> FindByPrefix(string prefix);

    /// <summary>
    /// Adds the image, or adds tags and repository digests to the one that is there. A tag moves to the image it is given to; images of other platforms that
    /// have a digest of its repository in common with that one (they are of one index) keep it as one for their platform.
    /// </summary>
    ValueTask<Image> AddAsync(Image image, CancellationToken cancellationToken);

    /// <summary>Gives a tag, taking it from any other image.</summary>
    /// <param name="platforms">Images of other platforms that the tag is to mean where theirs is asked for.</param>
    ValueTask TagAsync(Digest id, ImageReference tag, IReadOnlyList<Digest> platforms, CancellationToken cancellationToken);

    /// <summary>Takes a tag or a repository digest away from all images that have it; they stay.</summary>
    ValueTask UntagAsync(ImageReference reference, CancellationToken cancellationToken);

    /// <summary>Removes the record, then each layer and blob that nothing else uses. A tag that it leaves becomes another platform's own, where there is one.</summary>
    ValueTask RemoveAsync(Digest id, CancellationToken cancellationToken);

    /// <summary>Layer records known to the store, for history and sizes.</summary>
    Layer? FindLayer(Digest diffId);

    /// <summary>The raw bytes of a small blob (a configuration or manifest), or null.</summary>
    byte[]? ReadBlob(Digest digest);
}

/// <summary>Reads images out of archives into the store.</summary>
public interface IImageArchives
{
    /// <summary>
    /// Reads a docker-archive or OCI layout archive (plain, gzip or zstd) in one pass and adds its images with their layers.
    /// On failure nothing of it is kept. Names without a registry are docker.io's. Of an image that is there for several platforms all come in that are
    /// complete: the name is this machine's, else that of the first, and means the others where their platform is asked for.
    /// </summary>
    /// <param name="platforms">The only ones to take, the first being the one whose own the name is: NotFound when the archive has none of them. Empty: all.</param>
    /// <returns>The images that have a name, or that have none and are no other platform of one that does.</returns>
    /// <param name="admit">Told what kind of archive it is before anything of it counts; what it throws ends the load.</param>
    Task<IReadOnlyList<LoadedImage>> LoadAsync(Stream archive, IReadOnlyList<Platform> platforms, Action<ImageArchiveForm> admit, CancellationToken cancellationToken);

    /// <summary>Makes an image of one layer out of a root file system tar (plain, gzip, bzip2 no, zstd). Tags it when a reference is given.</summary>
    /// <param name="config">Configuration to store; layers and history are filled in.</param>
    Task<Image> ImportAsync(Stream tar, ImageConfig config, ImageReference? tag, CancellationToken cancellationToken);
}

public static class ImageStoreExtensions
{
    /// <summary>Gives a tag to one image only, taking it from any other.</summary>
    public static ValueTask TagAsync(this IImageStore images, Digest id, ImageReference tag, CancellationToken cancellationToken) =>
        images.TagAsync(id, tag, [], cancellationToken);

    /// <summary>All that a name means: the image whose own it is first, then those that it means for their platforms.</summary>
    public static IReadOnlyList<Image> FindPlatforms(this IImageStore images, ImageReference name) => images.Find(name) is { } own
        ? [own, .. images.All.Where(image => image.Id != own.Id && (image.PlatformTags.Contains(name) || image.RepositoryDigests.Contains(name)))]
        : [];
}

public static class ImageArchivesExtensions
{
    /// <summary>Loads whatever form it has, and all platforms.</summary>
    public static Task<IReadOnlyList<LoadedImage>> LoadAsync(this IImageArchives archives, Stream archive, CancellationToken cancellationToken) =>
        archives.LoadAsync(archive, [], static _ => { }, cancellationToken);
}

/// <summary>The forms in which images come in files.</summary>
public enum ImageArchiveForm
{
    /// <summary>Images named by manifest.json.</summary>
    Items,

    /// <summary>An OCI image layout with index.json.</summary>
    Layout,

    /// <summary>A bare root file system.</summary>
    FileSystem,
}

/// <param name="Tags">Names that the archive gave it; empty for untagged ones.</param>
public sealed record LoadedImage(Image Image, IReadOnlyList<ImageReference> Tags);
