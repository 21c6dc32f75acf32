using Podsharp.Core.Images;
using Podsharp.Core.Queries;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Images;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.System;

/// <summary>Tells what takes how much of the store's disk. All sizes are those of the disk's blocks, so that together they are what du(1) says.</summary>
public sealed class MeasureDiskUsage(ListImages listImages, ListContainers listContainers, IVolumeStore volumes, VolumeRemoval volumeUse, IDiskUsage disk)
{
    private static readonly Filters NoFilters = new(new Dictionary<string, IReadOnlyList<string>>());

    public async Task<DiskUsageReport> RunAsync(DiskUsageRequest request, CancellationToken cancellationToken)
    {
        var content = request.Images || request.Containers ? await ContentAsync(cancellationToken) : [];
        return new DiskUsageReport(
            request.Images ? content.Values.Sum() : 0,
            request.Images ? await ImagesAsync(content, cancellationToken) : null,
            request.Containers ? await ContainersAsync(content, cancellationToken) : null,
            request.Volumes ? await VolumesAsync(cancellationToken) : null);
    }

    /// <summary>Layers and blobs; a plain layer and its blob would have one digest, and then count together.</summary>
    private async Task<Dictionary<Digest, long>> ContentAsync(CancellationToken cancellationToken)
    {
        var content = new Dictionary<Digest, long>(await disk.LayersAsync(cancellationToken));
        foreach (var (digest, bytes) in await disk.BlobsAsync(cancellationToken)) content[digest] = content.GetValueOrDefault(digest) + bytes;
        return content;
    }

    private async Task<IReadOnlyList<ImageUsage>> ImagesAsync(Dictionary<Digest, long> content, CancellationToken cancellationToken)
    {
        var listings = await listImages.RunAsync(new ListImagesRequest(false, false, NoFilters), cancellationToken);
        var sharers = listings.SelectMany(listing => PartsOf(listing.Image)).GroupBy(part => part).ToDictionary(group => group.Key, group => group.Count());
        return
        [
            .. listings.Select(listing => new ImageUsage(
                listing,
                PartsOf(listing.Image).Sum(content.GetValueOrDefault),
                PartsOf(listing.Image).Where(part => sharers[part] > 1).Sum(content.GetValueOrDefault))),
        ];
    }

    private async Task<IReadOnlyList<ContainerListing>> ContainersAsync(Dictionary<Digest, long> content, CancellationToken cancellationToken)
    {
        var sized = new List<ContainerListing>();
        foreach (var listing in await listContainers.RunAsync(new ListContainersRequest(true, 0, false, NoFilters), cancellationToken))
        {
            var own = await disk.ContainerAsync(listing.Container.Id, cancellationToken);
            var below = listing.Container.Layers.Distinct().Sum(content.GetValueOrDefault);
            sized.Add(listing with { Size = new ContainerSize(own, own + below) });
        }

        return sized;
    }

    private async Task<IReadOnlyList<VolumeUsage>> VolumesAsync(CancellationToken cancellationToken)
    {
        var usage = new List<VolumeUsage>();
        foreach (var volume in volumes.All)
            usage.Add(new VolumeUsage(volume, volumeUse.UsersOf(volume.Name).Count, await disk.VolumeAsync(volume.Name, cancellationToken)));
        return usage;
    }

    private static HashSet<Digest> PartsOf(Image image) =>
        [.. image.Layers, .. image.LayerBlobs, image.Id, .. image.ManifestDigest is { } manifest ? new[] { manifest } : []];
}

public sealed record DiskUsageRequest(bool Images, bool Containers, bool Volumes);

/// <param name="Content">Bytes of all layers and blobs, each once, whether an image has them or only a container.</param>
/// <param name="Images">Null unless asked for, as the others.</param>
public sealed record DiskUsageReport(
    long Content, IReadOnlyList<ImageUsage>? Images, IReadOnlyList<ContainerListing>? Containers, IReadOnlyList<VolumeUsage>? Volumes);

/// <param name="Size">Bytes of all its parts.</param>
/// <param name="Shared">Bytes of those that other listed images have too.</param>
public sealed record ImageUsage(ImageListing Listing, long Size, long Shared);

/// <param name="Users">Containers that have it, running or not.</param>
/// <param name="Size">Bytes.</param>
public sealed record VolumeUsage(Volume Volume, int Users, long Size);
