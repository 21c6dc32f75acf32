using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Engine.System;

/// <summary>
/// Holds all layers and blobs against their digests and, where that is asked for, fetches damaged and missing ones again, or drops the damaged ones so
/// that they can come anew.
/// </summary>
public sealed class CheckStore(IStoreCheck check, IImageStore images, IContainerStore containers, FetchAgain again)
{
    private const string Missing = "it is missing";

    public async Task<CheckReport> RunAsync(bool repair, Action<CheckedPart> told, CancellationToken cancellationToken)
    {
        var (layers, blobs) = (check.Layers, check.Blobs);
        var faults = 0;
        // Manifests first: they tell in which blobs the layers can be had.
        foreach (var blob in blobs.Concat(images.All.SelectMany(OwnBlobs)).Distinct())
        {
            if (await check.FaultOfBlobAsync(blob, cancellationToken) is { } fault) Tell(await BlobAsync(blob, fault, repair, cancellationToken));
        }

        foreach (var layer in layers)
        {
            if (await check.FaultOfLayerAsync(layer, cancellationToken) is { } fault) Tell(await LayerAsync(layer, fault, repair, cancellationToken));
        }

        foreach (var layer in images.All.SelectMany(image => image.Layers).Distinct().Except(layers).ToList())
            Tell(await LayerAsync(layer, Missing, repair, cancellationToken));
        return new CheckReport(layers.Count, blobs.Count, faults);

        void Tell(CheckedPart part)
        {
            faults++;
            told(part);
        }
    }

    private async Task<CheckedPart> LayerAsync(Digest layer, string fault, bool repair, CancellationToken cancellationToken)
    {
        var part = new CheckedPart(PartKind.Layer, layer, fault, NamesOf(image => image.Layers.Contains(layer)));
        var user = containers.All.FirstOrDefault(container => container.State.IsRunning && container.Layers.Contains(layer));
        if (user is not null) return part with { Obstacle = $"container {user.Name} runs on it: stop it first" };
        if (!repair) return part;
        if (await again.LayerAsync(layer, cancellationToken) is { } source) return part with { FetchedFrom = source };
        if (fault == Missing) return part;
        await check.DropLayerAsync(layer, cancellationToken);
        return part with { Dropped = true };
    }

    private async Task<CheckedPart> BlobAsync(Digest blob, string fault, bool repair, CancellationToken cancellationToken)
    {
        var part = new CheckedPart(PartKind.Blob, blob, fault, NamesOf(image => PartsOf(image).Contains(blob)));
        if (!repair) return part;
        // Layers' blobs are a cache: a push that needs one fetches it.
        if (await again.BlobAsync(blob, cancellationToken) is { } source) return part with { FetchedFrom = source };
        if (fault == Missing) return part;
        await check.DropBlobAsync(blob, cancellationToken);
        return part with { Dropped = true };
    }

    private IReadOnlyList<string> NamesOf(Func<Image, bool> needs) =>
        [.. images.All.Where(needs).Select(image => image.AllTags().FirstOrDefault()?.Familiar ?? image.Id.Short)];

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
public sealed record CheckedPart(PartKind Kind, Digest Digest, string Fault, IReadOnlyList<string> Images)
{
    /// <summary>It was removed, and comes anew with the next load or pull of its image.</summary>
    public bool Dropped { get; init; }

    /// <summary>The repository from which it was fetched again; null when it was not.</summary>
    public string? FetchedFrom { get; init; }

    /// <summary>Why nothing was done, where that was asked for or would fail.</summary>
    public string? Obstacle { get; init; }
}

/// <param name="Faults">Damaged and missing parts, repaired or not.</param>
public sealed record CheckReport(int Layers, int Blobs, int Faults);
