namespace Podsharp.Core.Images;

/// <summary>The index of images; reads answer from memory, writes are durable when they return.</summary>
public interface IImageStore
{
    IReadOnlyCollection<Image> All { get; }

    Image? Find(Digest id);

    /// <summary>By tag or by repository digest; the reference must have one of them.</summary>
    Image? Find(ImageReference reference);

    /// <summary>All whose id's hex starts with <paramref name="prefix"/>.</summary>
    IReadOnlyList<Image> FindByPrefix(string prefix);

    /// <summary>Adds the image, or adds tags and repository digests to the one that is there. A tag moves to the image it is given to.</summary>
    ValueTask<Image> AddAsync(Image image, CancellationToken cancellationToken);

    /// <summary>Gives a tag, taking it from any other image.</summary>
    ValueTask TagAsync(Digest id, ImageReference tag, CancellationToken cancellationToken);

    /// <summary>Takes a tag or a repository digest away; the image stays.</summary>
    ValueTask UntagAsync(ImageReference reference, CancellationToken cancellationToken);

    /// <summary>Removes the record, then each layer and blob that nothing else uses.</summary>
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
    /// On failure nothing of it is kept. Names without a registry are docker.io's.
    /// </summary>
    /// <param name="platform">
    /// Which to take of an image that is there for several, and the only one to take of others: NotFound when the archive has none for it. Null: this
    /// machine's; where none is for this machine, whatever is there.
    /// </param>
    /// <param name="admit">Told what kind of archive it is before anything of it counts; what it throws ends the load.</param>
    Task<IReadOnlyList<LoadedImage>> LoadAsync(Stream archive, Platform? platform, Action<ImageArchiveForm> admit, CancellationToken cancellationToken);

    /// <summary>Makes an image of one layer out of a root file system tar (plain, gzip, bzip2 no, zstd). Tags it when a reference is given.</summary>
    /// <param name="config">Configuration to store; layers and history are filled in.</param>
    Task<Image> ImportAsync(Stream tar, ImageConfig config, ImageReference? tag, CancellationToken cancellationToken);
}

public static class ImageArchivesExtensions
{
    /// <summary>Loads whatever form it has.</summary>
    public static Task<IReadOnlyList<LoadedImage>> LoadAsync(this IImageArchives archives, Stream archive, CancellationToken cancellationToken) =>
        archives.LoadAsync(archive, null, static _ => { }, cancellationToken);
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
