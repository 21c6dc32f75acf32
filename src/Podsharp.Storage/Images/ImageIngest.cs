using System.Security.Cryptography;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Images;

internal sealed class ImageIngest(ImageStore images, LayerStore layers, BlobStore blobs, Staging staging) : IImageIngest
{
    private const int LongestMagic = 16;

    public (ImageConfig Config, IReadOnlyList<Digest> Layers) ReadConfig(ReadOnlyMemory<byte> blob)
    {
        try
        {
            return ImageConfigBlob.Read(blob.Span);
        }
        catch (EngineException failure) when (failure.Kind == ErrorKind.InvalidInput)
        {
            throw Wrong(failure.Message);
        }
    }

    public IDisposable Hold(IReadOnlyCollection<Digest> diffIds) => layers.Hold(diffIds);

    public async Task<IStagedLayer> StageLayerAsync(Stream blob, Digest blobDigest, Digest diffId, CancellationToken cancellationToken)
    {
        var layerPath = staging.NewPath();
        var blobPath = blobs.MayKeepLayer() ? blobs.Stage() : "";
        try
        {
            var layer = await ReadingThread.RunAsync(
                blob,
                $"layer {blobDigest} is damaged",
                feed => Extract(feed, blobDigest, diffId, layerPath, blobPath, cancellationToken),
                cancellationToken);
            return new StagedLayer(layer, blobDigest, layerPath, blobPath, staging, blobs);
        }
        catch (Exception failure)
        {
            if (Directory.Exists(layerPath)) staging.Remove(layerPath);
            if (blobPath.Length > 0) blobs.Unstage(blobPath);
            if (failure is InvalidDataException or EngineException { Kind: ErrorKind.InvalidInput }) throw Wrong(failure.Message);
            throw StorageErrors.Translate(failure, $"layer {blobDigest} cannot be stored");
        }
    }

    public Task KeepAsync(IReadOnlyList<IStagedLayer> staged, CancellationToken cancellationToken) =>
        images.KeepAsync(Pairs(staged), cancellationToken);

    public async Task<Image> CommitAsync(IngestedImage image, CancellationToken cancellationToken)
    {
        try
        {
            var (config, diffIds) = ImageConfigBlob.Read(image.Config.Span);
            var record = new Image
            {
                Id = Digest.FromHash(SHA256.HashData(image.Config.Span)),
                ManifestDigest = Digest.FromHash(SHA256.HashData(image.Manifest.Span)),
                ManifestMediaType = image.ManifestMediaType,
                Layers = diffIds,
                LayerBlobs = image.LayerBlobs,
                Tags = image.Tags,
                RepositoryDigests = image.RepositoryDigests,
                Config = config,
            };
            var kept = image.Layers.Cast<StagedLayer>().Where(static layer => layer.BlobPath.Length > 0).Select(static layer => (layer.Blob, layer.BlobPath));
            var added = await images.AddAsync(
                Pairs(image.Layers), [image.Config.ToArray(), image.Manifest.ToArray()], [record], cancellationToken, [.. kept]);
            return added[0];
        }
        catch (Exception failure)
        {
            throw StorageErrors.Translate(failure, "the image cannot be stored");
        }
    }

    private static List<(Layer Layer, string StagedPath)> Pairs(IReadOnlyList<IStagedLayer> staged) =>
        [.. staged.Cast<StagedLayer>().Select(static layer => (layer.Layer, layer.LayerPath))];

    private Layer Extract(
        Stream source, Digest blobDigest, Digest diffId, string layerPath, string blobPath, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(layerPath);
        using var copy = blobPath.Length > 0 ? File.Create(blobPath, bufferSize: 0) : null;
        using var hash = new BackgroundSha256();
        var copied = copy is null ? null : new CopiedStream(source, copy, () => blobs.IsStaged(blobPath));
        // Inflating asks for 8 KiB at a time.
        var raw = new PeekStream(new BlockStream(new HashedStream(copied ?? source, hash)), LongestMagic);
        Layer layer;
        using (var extractor = new LayerExtractor(layerPath))
        using (var tar = Compression.Open(raw))
        {
            layer = extractor.Extract(staging.Room.Watch(tar), cancellationToken);
            // What follows the last frame counts for the blob's digest.
            Drain(raw);
        }

        if (copied is { IsComplete: false }) blobs.Unstage(blobPath);
        if (hash.Finish() is var found && found != blobDigest) throw new InvalidDataException($"layer {blobDigest} was sent with other content: it has the digest {found}");
        return layer.DiffId == diffId
            ? layer
            : throw new InvalidDataException($"layer {blobDigest} holds {layer.DiffId}, where the image's configuration names {diffId}");
    }

    private static void Drain(Stream stream)
    {
        var buffer = new byte[16 << 10];
        while (stream.Read(buffer) > 0)
        {
        }
    }

    private static EngineException Wrong(string message) => new(ErrorKind.InvalidData, message);
}
