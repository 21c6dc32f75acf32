using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Storage.Images;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Archives;

internal sealed class ImageExports(ImageStore images, LayerStore layers, BlobStore blobs, StorePaths paths) : IImageExports
{
    public IOutgoingArchive Open(IReadOnlyList<ImageToSave> wanted)
    {
        var hold = images.TryHold(wanted.SelectMany(one => one.Image.Layers)) ?? throw MissingLayer(wanted);
        try
        {
            return new Archive(new ImageArchiveWriter([.. wanted.Select(one => Read(one, wanted))], paths), hold);
        }
        catch
        {
            _ = hold.DisposeAsync().AsTask();
            throw;
        }
    }

    private SavedImage Read(ImageToSave wanted, IReadOnlyList<ImageToSave> all)
    {
        var image = wanted.Image;
        var config = blobs.Read(image.Id) ?? throw EngineException.Internal(
            $"the configuration of image {image.Id.Short} is missing from the store: load or pull the image again");
        var parts = image.Layers.Select(diffId => layers.Find(diffId)!).ToList();
        var stored = image.ManifestDigest is { } digest ? blobs.Read(digest) : null;
        var manifest = stored is not null && SavedManifest.NamesPlainLayers(stored, image)
            ? new SavedManifest(stored, image.ManifestMediaType ?? SavedManifest.OciManifest)
            : SavedManifest.Make(config, parts);
        var parent = image.Parent is { } id && all.Any(other => other.Image.Id == id) ? image.Parent : null;
        return new SavedImage(image, wanted.Names, wanted.PlatformNames, config, manifest, parts, parent);
    }

    private EngineException MissingLayer(IReadOnlyList<ImageToSave> wanted)
    {
        var image = wanted.Select(one => one.Image).FirstOrDefault(image => !image.Layers.All(diffId => layers.Find(diffId) is not null));
        return EngineException.Internal($"a layer of image {image?.Id.Short} is missing from the store: load or pull the image again");
    }

    private sealed class Archive(ImageArchiveWriter writer, IAsyncDisposable hold) : IOutgoingArchive
    {
        public async Task WriteToAsync(Stream target, CancellationToken cancellationToken)
        {
            try
            {
                await AsyncDrain.RunAsync(writer.Write, target, cancellationToken);
            }
            catch (DamagedLayerException e)
            {
                throw EngineException.Internal($"the image cannot be saved: {e.Message}", e);
            }
        }

        public ValueTask DisposeAsync() => hold.DisposeAsync();
    }
}
