using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Pull;

/// <summary>
/// Transfers of layers under way. Pulls that need the same blob share one; it is given up when nobody wants it any more.
/// </summary>
public sealed class LayerTransfers(IImageIngest ingest) : IDisposable
{
    private const int AtOnce = 6;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Digest Blob, Digest DiffId), LayerTransfer> _running = [];
    private readonly SemaphoreSlim _slots = new(AtOnce);

    /// <summary>Joins the transfer of a blob, or begins it. Disposing the share leaves; the last one out removes what the store has not taken.</summary>
    public LayerShare Join(IRemoteRepository repository, BlobDescriptor blob, Digest diffId)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue((blob.Digest, diffId), out var transfer) || transfer.HasFailed)
            {
                transfer = new LayerTransfer(blob);
                _running[(blob.Digest, diffId)] = transfer;
                transfer.Begin(stop => FetchAsync(transfer, repository, diffId, stop));
            }

            transfer.Users++;
            return new LayerShare(transfer, () => Leave(transfer, diffId));
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<IStagedLayer> FetchAsync(LayerTransfer transfer, IRemoteRepository repository, Digest diffId, CancellationToken stop)
    {
        await _slots.WaitAsync(stop);
        try
        {
            await using var content = await repository.OpenBlobAsync(transfer.Blob, 0, stop);
            await using var counted = new CountingStream(content, transfer.Arrived);
            return await ingest.StageLayerAsync(counted, transfer.Blob.Digest, diffId, stop);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async ValueTask Leave(LayerTransfer transfer, Digest diffId)
    {
        lock (_gate)
        {
            if (--transfer.Users > 0) return;
            if (_running.TryGetValue((transfer.Blob.Digest, diffId), out var known) && known == transfer) _running.Remove((transfer.Blob.Digest, diffId));
        }

        await transfer.DisposeAsync();
    }
}

/// <summary>One caller's share in a transfer.</summary>
public sealed class LayerShare(LayerTransfer transfer, Func<ValueTask> leave) : IAsyncDisposable
{
    private int _left;

    public Task<IStagedLayer> Result => transfer.Result;

    public BlobDescriptor Blob => transfer.Blob;

    /// <summary>Bytes that have arrived.</summary>
    public long Received => transfer.Received;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _left, 1) == 0 ? leave() : ValueTask.CompletedTask;
}
