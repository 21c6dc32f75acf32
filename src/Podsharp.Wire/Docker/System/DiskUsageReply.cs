using System.Text.Json.Serialization;
using Podsharp.Wire.Docker.Containers;
using Podsharp.Wire.Docker.Images;
using Podsharp.Wire.Docker.Volumes;

namespace Podsharp.Wire.Docker.System;

/// <summary>Of system df, until API 1.51. What was not asked for is null.</summary>
/// <param name="LayersSize">Bytes.</param>
/// <param name="BuildCache">Empty: there is none.</param>
public sealed record DiskUsageReply(
    long LayersSize,
    IReadOnlyList<ImageSummary>? Images,
    IReadOnlyList<ListEntry>? Containers,
    IReadOnlyList<VolumeReply>? Volumes,
    IReadOnlyList<string>? BuildCache);

[JsonSerializable(typeof(DiskUsageReply))]
[JsonSerializable(typeof(DiskUsageTotals))]
public sealed partial class DiskUsageJson : JsonSerializerContext;
