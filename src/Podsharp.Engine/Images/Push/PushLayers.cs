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
        using var plan = await PushPlan.MakeAsync(
            repository, image, images, blobs, blob => sources.FindAsync(image, blob, repository.Endpoint, request, cancellationToken), cancellationToken);
        foreach (var layer in plan.Layers) await report(new LayerPushed(layer.DiffId, LayerPushPhase.Preparing, 0, 0));

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var steps = Channel.CreateUnbounded<LayerPushed>();
        var sending = SendAllAsync(repository, plan, steps.Writer, failed);
        await foreach (var step in steps.Reader.ReadAllAsync(CancellationToken.None)) await ReportAsync(step, report, failed);
        var descriptors = await sending;

        await SendConfigAsync(repository, image, cancellationToken);
        return plan.Finish(image, images, descriptors);
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
        var outcome = await repository.PushBlobAsync(
            new BlobPush
            {
                Blob = descriptor,
                Open = stopped => OpenAsync(layer, layer.Kept ?? made, steps, stopped),
                MountFrom = PushPlan.RepositoriesWith(images, repository.Endpoint, descriptor.Digest),
                Sent = progress,
            },
            stop);
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

    // Asked only when the blob has to be sent: it may be mounted, or there.
    private static async ValueTask<Stream> OpenAsync(PlannedLayer layer, IHeldBlob? held, ChannelWriter<LayerPushed> steps, CancellationToken stop)
    {
        if (layer.Source is not { } source) return held!.Open();
        steps.TryWrite(new LayerPushed(layer.DiffId, LayerPushPhase.Fetching, 0, source.Blob.Size, source.Repository.Endpoint.Name));
        return await source.Repository.OpenBlobAsync(source.Blob, 0, stop);
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
