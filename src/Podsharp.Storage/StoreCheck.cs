using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Storage.Images;
using Podsharp.Storage.Layers;

namespace Podsharp.Storage;

internal sealed class StoreCheck(ImageStore images, LayerStore layers, BlobStore blobs, StorePaths paths) : IStoreCheck
{
    public IReadOnlyList<Digest> Layers => layers.All();

    public IReadOnlyList<Digest> Blobs => [.. blobs.All()];

    public Task<string?> FaultOfLayerAsync(Digest diffId, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => layers.Find(diffId) is { } layer ? FaultOf(layer, cancellationToken) : null,
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public async Task<string?> FaultOfBlobAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(paths.Blob(digest), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return Digest.FromHash(await SHA256.HashDataAsync(file, cancellationToken)) == digest ? null : "its content has another digest";
        }
        catch (FileNotFoundException)
        {
            return "it is missing";
        }
        catch (IOException e)
        {
            return $"it cannot be read: {e.Message}";
        }
    }

    public Task DropLayerAsync(Digest diffId, CancellationToken cancellationToken) => images.DropLayerAsync(diffId, cancellationToken);

    public Task DropBlobAsync(Digest digest, CancellationToken cancellationToken)
    {
        blobs.Remove(digest);
        return Task.CompletedTask;
    }

    private string? FaultOf(Layer layer, CancellationToken cancellationToken)
    {
        try
        {
            LayerContent.Write(paths, layer, static _ => { }, cancellationToken);
            return null;
        }
        catch (DamagedLayerException e)
        {
            return e.Fault;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return $"it cannot be read: {e.Message}";
        }
    }
}
