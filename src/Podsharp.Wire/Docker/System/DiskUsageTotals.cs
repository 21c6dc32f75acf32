using System.Text.Json.Serialization;
using Podsharp.Wire.Docker.Containers;
using Podsharp.Wire.Docker.Images;
using Podsharp.Wire.Docker.Volumes;

namespace Podsharp.Wire.Docker.System;

/// <summary>Of system df, since API 1.52. What was not asked for is not written.</summary>
public sealed record DiskUsageTotals
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageTotal<ImageSummary>? ImageUsage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageTotal<ListEntry>? ContainerUsage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageTotal<VolumeReply>? VolumeUsage { get; init; }

    /// <summary>Always empty: there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageTotal<string>? BuildCacheUsage { get; init; }
}

/// <summary>Of all objects of a kind; sizes in bytes. What is 0 is not written.</summary>
public sealed record UsageTotal<T>
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ActiveCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long TotalCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Reclaimable { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long TotalSize { get; init; }

    /// <summary>Where they were asked for (verbose).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<T>? Items { get; init; }
}
