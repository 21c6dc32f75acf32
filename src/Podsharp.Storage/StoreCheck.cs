using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Storage.Images;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage;

internal sealed class StoreCheck(ImageStore images, LayerStore layers, BlobStore blobs, StorePaths paths, Staging staging) : IStoreCheck
{
    public IReadOnlyList<Digest> Layers => layers.All();

    public IReadOnlyList<Digest> Blobs => [.. blobs.All()];

    public async Task<string?> FaultOfLayerAsync(Digest diffId, CancellationToken cancellationToken)
    {
        if (layers.Find(diffId) is not { } layer) return null;
        var content = await Task.Factory.StartNew(
            () => FaultOfContent(layer, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return content ?? await FaultOfFilesAsync(layer, cancellationToken);
    }

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

    public Task ReplaceLayerAsync(IStagedLayer layer, CancellationToken cancellationToken)
    {
        var staged = (StagedLayer)layer;
        return images.ReplaceLayerAsync(staged.Layer, staged.LayerPath, cancellationToken);
    }

    public async Task ReplaceBlobAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await DropBlobAsync(Digest.FromHash(SHA256.HashData(content.Span)), cancellationToken);
        blobs.Write(content.ToArray());
    }

    private async Task<string?> FaultOfFilesAsync(Layer layer, CancellationToken cancellationToken)
    {
        var fresh = staging.NewPath();
        try
        {
            await LayerCopy.MakeAsync(paths.Layer(layer.DiffId), fresh, cancellationToken);
            return LayerComparison.FirstDifference(Path.Join(paths.Layer(layer.DiffId), "diff"), Path.Join(fresh, "diff"));
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"the files of layer {layer.DiffId} cannot be held against its tar");
        }
        finally
        {
            if (Directory.Exists(fresh)) staging.Remove(fresh);
        }
    }

    private string? FaultOfContent(Layer layer, CancellationToken cancellationToken)
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
