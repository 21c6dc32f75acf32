using Podsharp.Core.Registries;

namespace Podsharp.Core.Images;

/// <summary>Layers in the form in which they travel.</summary>
public interface ILayerBlobs
{
    /// <summary>Bytes of the layers' blobs that are kept beside the layers; all can be had again or made anew.</summary>
    long CachedBlobBytes { get; }

    /// <summary>Gives up blobs that are kept, but for those that are held.</summary>
    /// <param name="keepTagged">Leaves those of images that have a tag.</param>
    /// <returns>Bytes that were freed.</returns>
    long Evict(bool keepTagged);

    /// <summary>Bytes of a layer's blob; 0 when it is not kept.</summary>
    long SizeOf(Digest blob);

    /// <summary>A blob that is kept, or null: they are a cache.</summary>
    IHeldBlob? Find(Digest blob);

    /// <summary>The layer's exact tar as a gzip blob, kept from now on. NotFound when the store lacks the layer; Exhausted on a full disk.</summary>
    Task<IHeldBlob> CompressAsync(Digest diffId, CancellationToken cancellationToken);

    /// <summary>Makes a manifest the image's own, where its layers came in other blobs or in none, and notes the name it is known by elsewhere.</summary>
    Task AdoptManifestAsync(
        Digest image, ReadOnlyMemory<byte> manifest, string mediaType, IReadOnlyList<Digest> layerBlobs, ImageReference repositoryDigest, CancellationToken cancellationToken);
}

/// <summary>A blob that stays until this is disposed.</summary>
public interface IHeldBlob : IDisposable
{
    BlobDescriptor Descriptor { get; }

    /// <summary>The content from its beginning; may be called often.</summary>
    Stream Open();
}
