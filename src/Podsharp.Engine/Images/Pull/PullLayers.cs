using Podsharp.Core.Images;

namespace Podsharp.Engine.Images.Pull;

/// <summary>Fetches what the store lacks of an image and commits it: all, or nothing but layers that a next try finds.</summary>
public sealed class PullLayers(IImageStore images, IImageIngest ingest, LayerTransfers transfers)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    internal async Task<Image> RunAsync(
        RemoteImage found, ImageReference reference, Func<PullEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        using var hold = ingest.Hold([.. found.DiffIds]);
        // Of an image that is there nothing is left to tell.
        var isKnown = images.Find(found.Manifest.Config.Digest) is not null;
        var shares = new List<LayerShare>();
        try
        {
            foreach (var (layer, diffId) in found.Manifest.Layers.Zip(found.DiffIds).DistinctBy(static pair => pair.Second))
            {
                var present = images.FindLayer(diffId) is not null;
                if (!present || !isKnown) await report(new LayerPulled(layer.Blob.Digest, present ? LayerPhase.AlreadyThere : LayerPhase.Waiting, 0, layer.Blob.Size));
                if (!present) shares.Add(transfers.Join(found.Repository, layer.Blob, diffId));
            }

            await FollowAsync(shares, report, cancellationToken);
            var staged = await Task.WhenAll(shares.Select(static share => share.Result));
            var image = await ingest.CommitAsync(Ingested(found, reference, staged), CancellationToken.None);
            foreach (var share in shares) await report(new LayerPulled(share.Blob.Digest, LayerPhase.Complete, share.Blob.Size, share.Blob.Size));
            return image;
        }
        catch
        {
            await KeepAsync(shares);
            throw;
        }
        finally
        {
            foreach (var share in shares) await share.DisposeAsync();
        }
    }

    private static IngestedImage Ingested(RemoteImage found, ImageReference reference, IReadOnlyList<IStagedLayer> staged) => new()
    {
        Config = found.Config,
        Manifest = found.Document.Content,
        ManifestMediaType = found.Document.MediaType,
        Layers = staged,
        LayerBlobs = [.. found.Manifest.Layers.Select(static layer => layer.Blob.Digest)],
        // name:tag@digest: the digest decides what is pulled, and no tag is moved.
        Tags = reference.Digest is null ? [reference] : [],
        RepositoryDigests = [reference.WithDigest(found.Digest)],
    };

    /// <summary>Reports until all have arrived; the first failure ends it.</summary>
    private static async Task FollowAsync(List<LayerShare> shares, Func<PullEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        var told = new Dictionary<LayerShare, long>();
        var waiting = shares.ToList();
        while (waiting.Count > 0)
        {
            await Task.WhenAny(waiting.Select(static share => share.Result).Append(Task.Delay(ReportInterval, cancellationToken)));
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var share in waiting.ToArray())
            {
                if (share.Received is var received && received > told.GetValueOrDefault(share, 0))
                {
                    told[share] = received;
                    await report(new LayerPulled(share.Blob.Digest, LayerPhase.Downloading, received, share.Blob.Size));
                }

                if (!share.Result.IsCompleted) continue;
                await share.Result;
                waiting.Remove(share);
                await report(new LayerPulled(share.Blob.Digest, LayerPhase.Downloaded, share.Blob.Size, share.Blob.Size));
            }
        }
    }

    private async Task KeepAsync(List<LayerShare> shares)
    {
        var complete = shares.Where(static share => share.Result.IsCompletedSuccessfully).Select(static share => share.Result.Result).ToList();
        if (complete.Count == 0) return;
        try
        {
            await ingest.KeepAsync(complete, CancellationToken.None);
        }
        catch (Exception)
        {
            // Only the time to fetch them again is lost.
        }
    }
}
