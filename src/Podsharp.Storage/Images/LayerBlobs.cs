using System.Security.Cryptography;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Core.Storage;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Streams;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Images;

internal sealed class LayerBlobs(ImageStore images, LayerStore layers, BlobStore blobs, StorePaths paths, Staging staging) : ILayerBlobs
{
    public long CachedBlobBytes => blobs.CachedBytes;

    public long Evict(bool keepTagged)
    {
        var spared = keepTagged ? images.All.Where(static image => image.AllTags().Any()).SelectMany(static image => image.LayerBlobs).ToHashSet() : [];
        return blobs.Evict(long.MaxValue, spared.Contains);
    }

    public long SizeOf(Digest blob) => blobs.CachedSize(blob);

    public IHeldBlob? Find(Digest blob) => blobs.TryHold(blob);

    public async Task<IHeldBlob> CompressAsync(Digest diffId, CancellationToken cancellationToken)
    {
        using var hold = layers.Hold([diffId]);
        if (layers.Find(diffId) is null) throw new EngineException(ErrorKind.NotFound, $"layer {diffId} is not in the store");
        var staged = staging.NewPath();
        try
        {
            var digest = await Task.Factory.StartNew(
                () => staging.Room.InRoom(() => Compress(diffId, staged, cancellationToken)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return blobs.TakeHeld(digest, staged);
        }
        catch (Exception failure)
        {
            File.Delete(staged);
            throw StorageErrors.Translate(failure, $"layer {diffId} cannot be compressed");
        }
    }

    public Task AdoptManifestAsync(
        Digest image, ReadOnlyMemory<byte> manifest, string mediaType, IReadOnlyList<Digest> layerBlobs, ImageReference repositoryDigest, CancellationToken cancellationToken) =>
        images.AdoptManifestAsync(image, manifest.ToArray(), mediaType, layerBlobs, repositoryDigest, cancellationToken);

    private Digest Compress(Digest diffId, string staged, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        using (var file = File.Create(staged, bufferSize: 0))
        using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        using (var packed = GzipWriter.Open(hashed))
        {
            TarRecord.Rebuild(paths.Layer(diffId), packed, cancellationToken);
        }

        return Digest.FromHash(hash.Hash!);
    }
}
