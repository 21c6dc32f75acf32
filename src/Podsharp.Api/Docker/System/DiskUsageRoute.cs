using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Docker.Images;
using Podsharp.Api.Docker.Volumes;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Engine.System;
using Podsharp.Wire.Docker.System;
using Podsharp.Wire.Docker.Volumes;

namespace Podsharp.Api.Docker.System;

internal static class DiskUsageRoute
{
    public static async Task RunAsync(ApiRequest request, MeasureDiskUsage measure, TimeProvider clock)
    {
        var types = request.Version.AtLeast(1, 42) ? request.Query.List("type") : [];
        foreach (var type in types)
        {
            if (type is not ("container" or "image" or "volume" or "build-cache")) throw EngineException.InvalidInput($"unknown object type: {type}");
        }

        var report = await measure.RunAsync(new DiskUsageRequest(Wants("image"), Wants("container"), Wants("volume")), request.Aborted);
        var reply = new DiskUsageReply(
            report.Content,
            report.Images is { } images ? [.. images.Select(image => ToReply(image, request.Version))] : null,
            report.Containers is { } containers ? [.. containers.Select(one => ListEntryWriter.Write(one, request.Version, clock.GetUtcNow()))] : null,
            report.Volumes is { } volumes ? [.. volumes.Select(ToReply)] : null,
            Wants("build-cache") ? [] : null);
        if (request.Version.AtLeast(1, 52)) await request.ReplyJsonAsync(DiskUsageSum.Of(reply, request.Query.Bool("verbose")), DiskUsageJson.Default.DiskUsageTotals);
        else await request.ReplyJsonAsync(reply, DiskUsageJson.Default.DiskUsageReply);

        bool Wants(string type) => types.Count == 0 || types.Contains(type);
    }

    private static Wire.Docker.Images.ImageSummary ToReply(ImageUsage usage, ApiVersion version) =>
        ImageSummaryMapping.ToReply(usage.Listing, version) with
        {
            Containers = usage.Listing.Containers,
            Size = usage.Size,
            SharedSize = usage.Shared,
            VirtualSize = version.AtLeast(1, 44) ? null : usage.Size,
        };

    private static VolumeReply ToReply(Engine.System.VolumeUsage usage) =>
        VolumeRoutes.ToReply(usage.Volume) with { UsageData = new Wire.Docker.Volumes.VolumeUsage(usage.Users, usage.Size) };
}
