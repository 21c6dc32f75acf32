using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Core.Storage;
using Podsharp.Engine.Images.Pull;
using Podsharp.Engine.Images.Push;

namespace Podsharp.Engine.System;

/// <summary>Puts a damaged or missing part of the store in its place again, from a registry that is known to have it. The part's digest proves it.</summary>
public sealed class FetchAgain(IStoreCheck check, IImageStore images, IImageIngest ingest, BlobSources sources)
{
    private const long LargestConfig = 8 << 20;

    /// <summary>Where it came from; null when nobody has it, or none that has it can be reached.</summary>
    public async Task<string?> LayerAsync(Digest diffId, CancellationToken cancellationToken)
    {
        foreach (var image in images.All.Where(image => image.Layers.Contains(diffId)))
        {
            if (BlobOf(image, diffId) is not { } blob) continue;
            var source = await sources.AskAsync(
                image,
                async (repository, stop) => await repository.FindBlobAsync(blob.Digest, stop) == blob.Size ? new RemoteBlob(repository, blob) : null,
                cancellationToken);
            if (source is not null && await TryFetchLayerAsync(source, diffId, cancellationToken)) return source.Repository.Endpoint.Name;
        }

        return null;
    }

    /// <summary>As <see cref="LayerAsync"/>, for the configuration or manifest of an image.</summary>
    public async Task<string?> BlobAsync(Digest digest, CancellationToken cancellationToken)
    {
        foreach (var image in images.All.Where(image => image.Id == digest || image.ManifestDigest == digest))
        {
            var found = await sources.AskAsync(
                image,
                async (repository, stop) => await ReadAsync(repository, digest, isConfig: image.Id == digest, stop) is { } content
                    ? new FetchedBlob(repository.Endpoint.Name, content)
                    : null,
                cancellationToken);
            if (found is null) continue;
            await check.ReplaceBlobAsync(found.Content, cancellationToken);
            return found.Source;
        }

        return null;
    }

    private async Task<bool> TryFetchLayerAsync(RemoteBlob source, Digest diffId, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await source.Repository.OpenBlobAsync(source.Blob, 0, cancellationToken);
            using var staged = await ingest.StageLayerAsync(content, source.Blob.Digest, diffId, cancellationToken);
            await check.ReplaceLayerAsync(staged, cancellationToken);
            return true;
        }
        catch (EngineException failure) when (failure.Kind != ErrorKind.Exhausted)
        {
            // The damaged one is still there, and another image may be known elsewhere.
            return false;
        }
    }

    private static async Task<byte[]?> ReadAsync(IRemoteRepository repository, Digest digest, bool isConfig, CancellationToken stop)
    {
        if (!isConfig) return (await repository.GetManifestAsync(ManifestSelector.ByDigest(digest), stop)).Content.ToArray();
        return await repository.FindBlobAsync(digest, stop) is { } size and <= LargestConfig
            ? await RemoteImage.ReadConfigAsync(repository, new BlobDescriptor(digest, size), stop)
            : null;
    }

    /// <summary>The blob in which the layer came; null where the image came without, or its manifest cannot be read.</summary>
    private BlobDescriptor? BlobOf(Image image, Digest diffId)
    {
        if (image.ManifestDigest is not { } digest || images.ReadBlob(digest) is not { } manifest) return null;
        try
        {
            var layers = ImageManifest.Parse(manifest).Layers;
            return layers.Count == image.Layers.Count ? layers[image.Layers.ToList().IndexOf(diffId)].Blob : null;
        }
        catch (EngineException)
        {
            return null;
        }
    }

    private sealed record FetchedBlob(string Source, byte[] Content);
}
