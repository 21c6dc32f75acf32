using Podsharp.Core.Images;
using Podsharp.Core.Queries;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Images;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.System;

/// <summary>
/// Tells what takes how much of the store's disk. All sizes are those of the disk's blocks, so that together they are what du(1) says. Layers'
/// blobs belong to no image: they are a cache, and so part of what can be had back without removing anything.
/// </summary>
public sealed class MeasureDiskUsage(ListImages listImages, ListContainers listContainers, IVolumeStore volumes, VolumeRemoval volumeUse, IDiskUsage disk)
{
    private static readonly Filters NoFilters = new(new Dictionary<string, IReadOnlyList<string>>());

    public async Task<DiskUsageReport> RunAsync(DiskUsageRequest request, CancellationToken cancellationToken)
    {
        var wanted = request.Images || request.Containers;
        var content = wanted ? new Content(await disk.LayersAsync(cancellationToken), await disk.BlobsAsync(cancellationToken)) : Content.None;
        return new DiskUsageReport(
            request.Images ? content.Total : 0,
            request.Images ? await ImagesAsync(content, cancellationToken) : null,
            request.Containers ? await ContainersAsync(content, cancellationToken) : null,
            request.Volumes ? await VolumesAsync(cancellationToken) : null);
    }

    private async Task<IReadOnlyList<ImageUsage>> ImagesAsync(Content content, CancellationToken cancellationToken)
    {
        var listings = await listImages.RunAsync(new ListImagesRequest(false, false, NoFilters), cancellationToken);
        var sharers = listings.SelectMany(listing => PartsOf(listing.Image)).GroupBy(part => part).ToDictionary(group => group.Key, group => group.Count());
        return
        [
            .. listings.Select(listing => new ImageUsage(
                listing,
                PartsOf(listing.Image).Sum(content.SizeOf),
                PartsOf(listing.Image).Where(part => sharers[part] > 1).Sum(content.SizeOf))),
        ];
    }

    private async Task<IReadOnlyList<ContainerListing>> ContainersAsync(Content content, CancellationToken cancellationToken)
    {
        var listings = await listContainers.RunAsync(new ListContainersRequest(true, 0, false, NoFilters), cancellationToken);
        var sized = new ContainerListing[listings.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, sized.Length), cancellationToken, async (index, stop) =>
        {
            var listing = listings[index];
            var own = await disk.ContainerAsync(listing.Container.Id, stop);
            var below = listing.Container.Layers.Distinct().Sum(layer => content.SizeOf(new Part(layer, IsLayer: true)));
            sized[index] = listing with { Size = new ContainerSize(own, own + below) };
        });
        return sized;
    }

    private async Task<IReadOnlyList<VolumeUsage>> VolumesAsync(CancellationToken cancellationToken)
    {
        var usage = new List<VolumeUsage>();
        foreach (var volume in volumes.All)
            usage.Add(new VolumeUsage(volume, volumeUse.UsersOf(volume.Name).Count, await disk.VolumeAsync(volume.Name, cancellationToken)));
        return usage;
    }

    private static HashSet<Part> PartsOf(Image image) =>
    [
        .. image.Layers.Select(static layer => new Part(layer, IsLayer: true)),
        new Part(image.Id, IsLayer: false),
        .. image.ManifestDigest is { } manifest ? new[] { new Part(manifest, IsLayer: false) } : [],
    ];

    /// <summary>A plain layer and its blob have one digest.</summary>
    private readonly record struct Part(Digest Digest, bool IsLayer);

    private sealed record Content(IReadOnlyDictionary<Digest, long> Layers, IReadOnlyDictionary<Digest, long> Blobs)
    {
        public static readonly Content None = new(new Dictionary<Digest, long>(), new Dictionary<Digest, long>());

        public long Total => Layers.Values.Sum() + Blobs.Values.Sum();

        public long SizeOf(Part part) => (part.IsLayer ? Layers : Blobs).GetValueOrDefault(part.Digest);
    }
}

public sealed record DiskUsageRequest(bool Images, bool Containers, bool Volumes);

/// <param name="Content">Bytes of all layers and blobs, each once, whether an image has them, only a container, or nobody but the cache.</param>
/// <param name="Images">Null unless asked for, as the others.</param>
public sealed record DiskUsageReport(
    long Content, IReadOnlyList<ImageUsage>? Images, IReadOnlyList<ContainerListing>? Containers, IReadOnlyList<VolumeUsage>? Volumes);

/// <param name="Size">Bytes of all its parts but the compressed blobs of its layers, which are a cache.</param>
/// <param name="Shared">Bytes of those that other listed images have too.</param>
public sealed record ImageUsage(ImageListing Listing, long Size, long Shared);

/// <param name="Users">Containers that have it, running or not.</param>
/// <param name="Size">Bytes.</param>
public sealed record VolumeUsage(Volume Volume, int Users, long Size);
