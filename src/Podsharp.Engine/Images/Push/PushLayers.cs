using System.Collections.Concurrent;
using System.Threading.Channels;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

/// <summary>Makes a repository have all blobs of an image, side by side.</summary>
public sealed class PushLayers(IImageStore images, ILayerBlobs blobs, BlobSources sources)
{
    private const int AtOnce = 5;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    internal async Task<SentImage> RunAsync(
        IRemoteRepository repository, Image image, PushImageRequest request, Func<PushEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        foreach (var diffId in image.Layers) await report(new LayerPushed(diffId, LayerPushPhase.Preparing, 0, 0));
        var lost = new HashSet<Digest>();
        while (true)
        {
            using var plan = await PushPlan.MakeAsync(repository, image, images, blobs, FindAsync, cancellationToken);
            try
            {
                // Where all is there already, the way to the registry and back is what a push costs: one for both.
                var descriptors = SendAsync(repository, plan, report, cancellationToken);
                await Task.WhenAll(descriptors, SendConfigAsync(repository, image, cancellationToken));
                return plan.Finish(image, images, await descriptors);
            }
            catch (SourceLostException failure)
            {
                // With that layer compressed anew the manifest is another one. What has been sent is there already.
                lost.Add(failure.Blob.Digest);
            }
        }

        async Task<RemoteBlob?> FindAsync(BlobDescriptor blob) =>
            lost.Contains(blob.Digest) ? null : await sources.FindAsync(image, blob, repository.Endpoint, request, cancellationToken);
    }

    private async Task<IReadOnlyList<BlobDescriptor>> SendAsync(
        IRemoteRepository repository, PushPlan plan, Func<PushEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var steps = Channel.CreateUnbounded<LayerPushed>();
        var sending = SendAllAsync(repository, plan, steps.Writer, failed);
        await foreach (var step in steps.Reader.ReadAllAsync(CancellationToken.None)) await ReportAsync(step, report, failed);
        return await sending;
    }

    // A client that is gone ends the transfers, and these end the channel.
    private static async Task ReportAsync(LayerPushed step, Func<PushEvent, ValueTask> report, CancellationTokenSource failed)
    {
        if (failed.IsCancellationRequested) return;
        try
        {
            await report(step);
        }
        catch
        {
            await failed.CancelAsync();
        }
    }

    private async Task<IReadOnlyList<BlobDescriptor>> SendAllAsync(
        IRemoteRepository repository, PushPlan plan, ChannelWriter<LayerPushed> steps, CancellationTokenSource failed)
    {
        var sent = new ConcurrentDictionary<Digest, BlobDescriptor>();
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = failed.Token };
            await Parallel.ForEachAsync(
                plan.Layers.DistinctBy(static layer => layer.DiffId), options, async (layer, stop) => sent[layer.DiffId] = await SendAsync(repository, layer, steps, stop));
            return [.. plan.Layers.Select(layer => sent[layer.DiffId])];
        }
        finally
        {
            steps.Complete();
        }
    }

    private async Task<BlobDescriptor> SendAsync(IRemoteRepository repository, PlannedLayer layer, ChannelWriter<LayerPushed> steps, CancellationToken stop)
    {
        if (layer.Known is { } known)
        {
            steps.TryWrite(new LayerPushed(layer.DiffId, LayerPushPhase.AlreadyThere, known.Size, known.Size));
            return known;
        }

        using var made = layer.HasBlob ? null : await CompressAsync(layer, steps, stop);
        var descriptor = layer.Source?.Blob ?? (layer.Kept ?? made)!.Descriptor;
        var progress = new Throttled(ReportInterval, sent => steps.TryWrite(new LayerPushed(layer.DiffId, LayerPushPhase.Sending, sent, descriptor.Size)));
        var push = new BlobPush
        {
            Blob = descriptor,
            Open = _ => ValueTask.FromResult((layer.Kept ?? made)!.Open()),
            MountFrom = PushPlan.RepositoriesWith(images, repository.Endpoint, descriptor.Digest),
            Sent = progress,
        };
        var outcome = layer.Source is { } source
            ? await PassOnAsync(repository, source, push, opened => steps.TryWrite(new LayerPushed(layer.DiffId, LayerPushPhase.Fetching, 0, descriptor.Size, opened)), stop)
            : await repository.PushBlobAsync(push, stop);
        var phase = outcome.Result switch
        {
            BlobPushResult.AlreadyThere => LayerPushPhase.AlreadyThere,
            BlobPushResult.Mounted => LayerPushPhase.Mounted,
            _ => LayerPushPhase.Sent,
        };
        steps.TryWrite(new LayerPushed(layer.DiffId, phase, descriptor.Size, descriptor.Size, outcome.MountedFrom ?? ""));
        return descriptor;
    }

    private async Task<IHeldBlob> CompressAsync(PlannedLayer layer, ChannelWriter<LayerPushed> steps, CancellationToken stop)
    {
        steps.TryWrite(new LayerPushed(layer.DiffId, layer.IsLost ? LayerPushPhase.CompressingAnew : LayerPushPhase.Compressing, 0, 0));
        return await blobs.CompressAsync(layer.DiffId, stop);
    }

    /// <summary>Sends a blob as it arrives from elsewhere.</summary>
    /// <exception cref="SourceLostException">It does not arrive whole.</exception>
    private static async Task<BlobPushOutcome> PassOnAsync(
        IRemoteRepository target, RemoteBlob source, BlobPush push, Action<string> opened, CancellationToken stop)
    {
        Exception? lost = null;
        try
        {
            return await target.PushBlobAsync(push with { Open = OpenAsync }, stop);
        }
        catch (Exception) when (lost is not null && !stop.IsCancellationRequested)
        {
            throw new SourceLostException(source.Blob, lost);
        }

        // Asked only when the blob has to be sent: it may be mounted, or there.
        async ValueTask<Stream> OpenAsync(CancellationToken stopped)
        {
            opened(source.Repository.Endpoint.Name);
            lost = null;
            try
            {
                return new SourceStream(await source.Repository.OpenBlobAsync(source.Blob, 0, stopped), source.Blob, failure => lost = failure);
            }
            catch (Exception failure) when (!stopped.IsCancellationRequested)
            {
                lost = failure;
                throw;
            }
        }
    }

    private async Task SendConfigAsync(IRemoteRepository repository, Image image, CancellationToken cancellationToken)
    {
        var config = images.ReadBlob(image.Id) ?? throw EngineException.Internal($"the configuration of image {image.Id} is missing from the store");
        await repository.PushBlobAsync(
            new BlobPush { Blob = new BlobDescriptor(image.Id, config.Length), Open = _ => ValueTask.FromResult<Stream>(new MemoryStream(config, writable: false)) },
            cancellationToken);
    }

    /// <summary>Passes on at most one report an interval.</summary>
    private sealed class Throttled(TimeSpan interval, Action<long> report) : IProgress<long>
    {
        private long _last;

        public void Report(long value)
        {
            var now = Environment.TickCount64;
            if (now - _last < interval.TotalMilliseconds) return;
            _last = now;
            report(value);
        }
    }
}
