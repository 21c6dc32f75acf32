using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>The steps that made an image, newest first, with the sizes of their layers.</summary>
public sealed class ReadImageHistory(ImageLookup lookup, IImageStore images)
{
    public Task<IReadOnlyList<HistoryStep>> RunAsync(InspectImageRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var image = lookup.Find(request.Image, request.Platform).Image;

        var steps = Steps(image);
        steps.Reverse();
        NameParents(image, steps);
        return Task.FromResult<IReadOnlyList<HistoryStep>>(steps);
    }

    /// <summary>Of an image that was made on this machine each step is an image of its own, as long as those are kept.</summary>
    private void NameParents(Image image, List<HistoryStep> steps)
    {
        var at = image;
        for (var i = 0; i < steps.Count && at is not null; i++)
        {
            steps[i] = steps[i] with { ImageId = at.Id, Tags = at.Tags };
            at = at.Parent is { } parent ? images.Find(parent) : null;
        }
    }

    private List<HistoryStep> Steps(Image image)
    {
        // Tools that squash or flatten leave fewer lines than layers: what is left over is the base.
        var layers = new Queue<Digest>(image.Layers);
        var steps = new List<HistoryStep>();
        while (layers.Count > image.Config.History.Count(line => !line.EmptyLayer))
            steps.Add(new HistoryStep(null, image.Config.Created, "", "", SizeOf(layers.Dequeue()), []));

        foreach (var line in image.Config.History)
        {
            var size = line.EmptyLayer || !layers.TryDequeue(out var layer) ? 0 : SizeOf(layer);
            steps.Add(new HistoryStep(null, line.Created, line.CreatedBy ?? "", line.Comment ?? "", size, []));
        }

        return steps;
    }

    private long SizeOf(Digest layer) => images.FindLayer(layer)?.Size ?? 0;
}
