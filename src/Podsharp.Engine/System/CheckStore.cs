using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Engine.System;

/// <summary>Holds all layers and blobs against their digests and, where that is asked for, drops the damaged ones so that they can come anew.</summary>
public sealed class CheckStore(IStoreCheck check, IImageStore images, IContainerStore containers)
{
    public async Task<CheckReport> RunAsync(bool repair, Action<CheckedPart> damaged, CancellationToken cancellationToken)
    {
        var (layers, blobs) = (check.Layers, check.Blobs);
        var faults = 0;
        foreach (var layer in layers)
        {
            if (await check.FaultOfLayerAsync(layer, cancellationToken) is { } fault)
                Tell(await LayerAsync(layer, fault, repair, cancellationToken));
        }

        foreach (var blob in blobs)
        {
            if (await check.FaultOfBlobAsync(blob, cancellationToken) is not { } fault) continue;
            if (repair) await check.DropBlobAsync(blob, cancellationToken);
            Tell(new CheckedPart(PartKind.Blob, blob, fault, NamesOf(image => PartsOf(image).Contains(blob)), repair, null));
        }

        foreach (var part in Missing(layers.ToHashSet(), blobs.ToHashSet())) Tell(part);
        return new CheckReport(layers.Count, blobs.Count, faults);

        void Tell(CheckedPart part)
        {
            faults++;
            damaged(part);
        }
    }

    private async Task<CheckedPart> LayerAsync(Digest layer, string fault, bool repair, CancellationToken cancellationToken)
    {
        var names = NamesOf(image => image.Layers.Contains(layer));
        var user = containers.All.FirstOrDefault(container => container.State.IsRunning && container.Layers.Contains(layer));
        if (!repair || user is not null)
            return new CheckedPart(PartKind.Layer, layer, fault, names, false, user is null ? null : $"container {user.Name} runs on it: stop it first");
        await check.DropLayerAsync(layer, cancellationToken);
        return new CheckedPart(PartKind.Layer, layer, fault, names, true, null);
    }

    /// <summary>What images need and the store knows nothing of. Blobs of layers may be missing: they can be made again.</summary>
    private IEnumerable<CheckedPart> Missing(HashSet<Digest> layers, HashSet<Digest> blobs)
    {
        foreach (var layer in images.All.SelectMany(image => image.Layers).Distinct().Where(layer => !layers.Contains(layer)))
            yield return new CheckedPart(PartKind.Layer, layer, "it is missing", NamesOf(image => image.Layers.Contains(layer)), false, null);
        foreach (var blob in images.All.SelectMany(OwnBlobs).Distinct().Where(blob => !blobs.Contains(blob)))
            yield return new CheckedPart(PartKind.Blob, blob, "it is missing", NamesOf(image => OwnBlobs(image).Contains(blob)), false, null);
    }

    private IReadOnlyList<string> NamesOf(Func<Image, bool> needs) =>
        [.. images.All.Where(needs).Select(image => image.Tags.Count > 0 ? image.Tags[0].Familiar : image.Id.Short)];

    private static IEnumerable<Digest> OwnBlobs(Image image) => image.ManifestDigest is { } manifest ? [image.Id, manifest] : [image.Id];

    private static IEnumerable<Digest> PartsOf(Image image) => OwnBlobs(image).Concat(image.LayerBlobs);
}

public enum PartKind
{
    Layer,
    Blob,
}

/// <summary>A part of the store that is not what it should be.</summary>
/// <param name="Images">Names, or ids, of those that need it.</param>
/// <param name="Dropped">It was removed, and comes anew with the next load or pull of its image.</param>
/// <param name="Obstacle">Why it was not, where that was asked for or would fail.</param>
public sealed record CheckedPart(PartKind Kind, Digest Digest, string Fault, IReadOnlyList<string> Images, bool Dropped, string? Obstacle);

/// <param name="Faults">Damaged and missing parts, repaired or not.</param>
public sealed record CheckReport(int Layers, int Blobs, int Faults);
