using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Images;

namespace Podsharp.Api.Docker.Images;

internal static class ImageInspectMapping
{
    public static ImageInspectReply ToReply(ImageInspection inspection, ApiVersion version)
    {
        var image = inspection.Image;
        var config = image.Config;
        return new ImageInspectReply
        {
            Id = image.Id.ToString(),
            RepoTags = [.. image.AllTags().Select(name => name.Familiar)],
            RepoDigests = [.. image.RepositoryDigests.Select(name => name.Familiar)],
            Parent = version.AtLeast(1, 52) ? null : image.Parent?.ToString() ?? "",
            Comment = config.Comment ?? "",
            Created = config.Created is { } created ? GoTime.Format(created) : version.AtLeast(1, 44) ? null : GoTime.Never,
            // Later versions do without, but docker-compose 1 speaks the newest version there is and looks for the volumes here when it makes a container anew.
            ContainerConfig = ToReply(new ImageProcess { Volumes = config.Process.Volumes }, version),
            DockerVersion = version.AtLeast(1, 52) ? null : config.DockerVersion ?? "",
            Author = config.Author ?? "",
            Config = ToReply(config.Process, version),
            Architecture = config.Architecture,
            Variant = string.IsNullOrEmpty(config.Variant) ? null : config.Variant,
            Os = config.Os,
            OsVersion = string.IsNullOrEmpty(config.OsVersion) ? null : config.OsVersion,
            Size = image.Size,
            VirtualSize = version.AtLeast(1, 44) ? null : image.Size,
            GraphDriver = new GraphDriverReply(Directories(inspection), "overlay"),
            RootFs = new RootFsReply("layers", [.. image.Layers.Select(layer => layer.ToString())]),
            Metadata = new ImageMetadataReply(GoTime.Format(image.LastTagged)),
            Descriptor = version.AtLeast(1, 48) && inspection.Descriptor is { } manifest
                ? ManifestSummaryMapping.ToReply(manifest)
                : null,
            Manifests = inspection.Manifests is { Count: > 0 } manifests ? [.. manifests.Select(ManifestSummaryMapping.ToReply)] : null,
        };
    }

    private static Dictionary<string, string> Directories(ImageInspection inspection)
    {
        var directories = new Dictionary<string, string>();
        if (inspection.LowerDirectories.Length > 0) directories["LowerDir"] = inspection.LowerDirectories;
        if (inspection.UpperDirectory.Length > 0) directories["UpperDir"] = inspection.UpperDirectory;
        return directories;
    }

    private static ImageConfigReply ToReply(ImageProcess process, ApiVersion version)
    {
        var ports = process.ExposedPorts.Count == 0 ? null : process.ExposedPorts.ToDictionary(port => port.ToString(), _ => EmptyObject.Instance);
        var environment = process.Environment.Count == 0 ? null : process.Environment;
        var volumes = process.Volumes.Count == 0 ? null : process.Volumes.Distinct().ToDictionary(volume => volume, _ => EmptyObject.Instance);
        var labels = process.Labels.Count == 0 ? null : process.Labels;
        var check = process.HealthCheck is { } healthCheck ? ToReply(healthCheck) : null;
        var reply = new ImageConfigReply
        {
            User = process.User,
            ExposedPorts = ports,
            Env = environment,
            Cmd = process.Command,
            Healthcheck = check,
            ArgsEscaped = process.ArgsEscaped,
            Volumes = volumes,
            WorkingDir = process.WorkingDirectory,
            Entrypoint = process.Entrypoint,
            OnBuild = process.OnBuild,
            Labels = labels,
            StopSignal = process.StopSignal,
            Shell = process.Shell,
        };
        return version.AtLeast(1, 50) ? reply : reply.WithContainerFields();
    }

    private static ImageHealthCheckReply ToReply(HealthCheck check) => new()
    {
        Test = check.Test.Count == 0 ? null : check.Test,
        Interval = Nanoseconds(check.Interval),
        Timeout = Nanoseconds(check.Timeout),
        StartPeriod = Nanoseconds(check.StartPeriod),
        StartInterval = Nanoseconds(check.StartInterval),
        Retries = check.Retries ?? 0,
    };

    private static long Nanoseconds(TimeSpan? time) => (time ?? TimeSpan.Zero).Ticks * TimeSpan.NanosecondsPerTick;
}
