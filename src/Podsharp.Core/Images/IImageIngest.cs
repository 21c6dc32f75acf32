namespace Podsharp.Core.Images;

/// <summary>Takes images in piece by piece, as a pull brings them. What is staged is nobody's until it is committed, and gone after a crash.</summary>
public interface IImageIngest
{
    /// <summary>The configuration in a blob and its layers' uncompressed digests, base first. InvalidData when it is none.</summary>
    (ImageConfig Config, IReadOnlyList<Digest> Layers) ReadConfig(ReadOnlyMemory<byte> blob);

    /// <summary>Keeps layers that are there, or will be, from being collected while the hold lasts, although no image uses them yet.</summary>
    IDisposable Hold(IReadOnlyCollection<Digest> diffIds);

    /// <summary>
    /// Reads a layer's blob to its end: hashed, decompressed and extracted while it arrives. InvalidData when its bytes do not have the blob's
    /// digest, its content not the layer's, or it is no layer at all; Exhausted on a full disk. Failing, it leaves nothing.
    /// </summary>
    Task<IStagedLayer> StageLayerAsync(Stream blob, Digest blobDigest, Digest diffId, CancellationToken cancellationToken);

    /// <summary>Makes staged layers the store's, though no image uses them: they are spared from collections for an hour, over starts of the service too, so that a next try finds them.</summary>
    Task KeepAsync(IReadOnlyList<IStagedLayer> layers, CancellationToken cancellationToken);

    /// <summary>Adds the image with its layers, all or nothing. InvalidInput when a layer is neither staged nor in the store.</summary>
    Task<Image> CommitAsync(IngestedImage image, CancellationToken cancellationToken);
}

/// <summary>A layer that is complete but not the store's yet; disposing removes it unless the store has taken it.</summary>
public interface IStagedLayer : IDisposable
{
    Layer Layer { get; }

    /// <summary>Digest of the blob it came in.</summary>
    Digest Blob { get; }
}

/// <summary>An image as it came.</summary>
public sealed record IngestedImage
{
    /// <summary>The exact bytes.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The exact bytes.</summary>
    public required ReadOnlyMemory<byte> Manifest { get; init; }

    public required string ManifestMediaType { get; init; }

    /// <summary>Those of its layers that were not in the store.</summary>
    public required IReadOnlyList<IStagedLayer> Layers { get; init; }

    /// <summary>Digests of the blobs that its manifest names for its layers, base first.</summary>
    public required IReadOnlyList<Digest> LayerBlobs { get; init; }

    public IReadOnlyList<ImageReference> Tags { get; init; } = [];

    public IReadOnlyList<ImageReference> RepositoryDigests { get; init; } = [];
}
