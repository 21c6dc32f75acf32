using Podsharp.Wire.Docker.Containers;
using Podsharp.Wire.Docker.Images;
using Podsharp.Wire.Docker.System;
using Podsharp.Wire.Docker.Volumes;

namespace Podsharp.Api.Docker.System;

/// <summary>The sums of system df that clients made themselves before API 1.52.</summary>
internal static class DiskUsageSum
{
    /// <param name="withItems">Each object, too.</param>
    public static DiskUsageTotals Of(DiskUsageReply usage, bool withItems) => new()
    {
        ImageUsage = usage.Images is { } images ? Images(images, usage.LayersSize, withItems) : null,
        ContainerUsage = usage.Containers is { } containers ? Containers(containers, withItems) : null,
        VolumeUsage = usage.Volumes is { } volumes ? Volumes(volumes, withItems) : null,
        BuildCacheUsage = usage.BuildCache is null ? null : new UsageTotal<string>(),
    };

    private static UsageTotal<ImageSummary> Images(IReadOnlyList<ImageSummary> images, long layers, bool withItems) => new()
    {
        ActiveCount = images.Count(static image => image.Containers > 0),
        TotalCount = images.Count,
        TotalSize = layers,
        Reclaimable = layers - images.Where(static image => image.Containers > 0).Sum(static image => image.Size - image.SharedSize),
        Items = withItems ? images : null,
    };

    private static UsageTotal<ListEntry> Containers(IReadOnlyList<ListEntry> containers, bool withItems) => new()
    {
        ActiveCount = containers.Count(IsActive),
        TotalCount = containers.Count,
        TotalSize = containers.Sum(static container => container.SizeRw),
        Reclaimable = containers.Where(static container => !IsActive(container)).Sum(static container => container.SizeRw),
        Items = withItems ? containers : null,
    };

    private static UsageTotal<VolumeReply> Volumes(IReadOnlyList<VolumeReply> volumes, bool withItems) => new()
    {
        ActiveCount = volumes.Count(static volume => volume.UsageData is { RefCount: > 0 }),
        TotalCount = volumes.Count,
        TotalSize = volumes.Sum(static volume => volume.UsageData?.Size ?? 0),
        Reclaimable = volumes.Where(static volume => volume.UsageData is { RefCount: 0 }).Sum(static volume => volume.UsageData!.Size),
        Items = withItems ? volumes : null,
    };

    private static bool IsActive(ListEntry container) => container.State is "running" or "paused" or "restarting";
}
