using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Storage.Images;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Archives;

internal sealed class PendingLayer(ImageStore images, Staging staging, Layer layer, string path) : IPendingLayer
{
    // The digest of two zero blocks: a tar without entries makes no layer.
    private static readonly Digest Empty = Digest.FromHash(SHA256.HashData(new byte[1024]));

    public async Task<Image> AddImageAsync(
        IReadOnlyList<Digest> layers, ImageConfig config, Digest? parent, ImageReference? tag, CancellationToken cancellationToken)
    {
        try
        {
            var isEmpty = layer.DiffId == Empty;
            var all = isEmpty ? layers : [.. layers, layer.DiffId];
            var complete = config with { History = [.. config.History.SkipLast(1), config.History[^1] with { EmptyLayer = isEmpty }] };
            var blob = ImageConfigBlob.Write(complete, all);
            var manifest = SavedManifest.Make(blob, all.Select(Known));
            var image = new Image
            {
                Id = Digest.FromHash(SHA256.HashData(blob)),
                ManifestDigest = manifest.Digest,
                ManifestMediaType = manifest.MediaType,
                Tags = tag is null ? [] : [tag],
                Layers = all,
                Config = complete,
                Parent = parent,
            };
            var added = await images.AddAsync(isEmpty ? [] : [(layer, path)], [blob, manifest.Content], [image], cancellationToken);
            return added[0];
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, "the image cannot be added to the store");
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(path)) staging.Remove(path);
        return ValueTask.CompletedTask;
    }

    private Layer Known(Digest diffId) => diffId == layer.DiffId ? layer
        : images.FindLayer(diffId) ?? throw new InvalidDataException($"the layer {diffId} below it is missing from the store");
}
