using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class ListEntryWriter
{
    public static ListEntry Write(ContainerListing listing, ApiVersion version, DateTimeOffset now)
    {
        var container = listing.Container.AsSeen();
        return new ListEntry
        {
            Id = container.Id.ToString(),
            Names = ["/" + container.Name],
            Image = listing.ImageName,
            ImageId = container.ImageId.ToString(),
            Command = CommandText.Of(container.Spec.Process),
            Created = container.Created.ToUnixTimeSeconds(),
            Ports = PortWriter.Summaries(container),
            SizeRw = listing.Size?.ReadWrite ?? 0,
            SizeRootFs = listing.Size?.RootFs ?? 0,
            Labels = container.Spec.Labels,
            State = StatusText.Word(container.State.Phase),
            Status = StatusText.Of(container.State, listing.Health, now),
            HostConfig = new HostConfigSummary
            {
                NetworkMode = EndpointWriter.ModeText(container.Spec.Network),
                Annotations = version.AtLeast(1, 46) && container.Spec.Annotations.Count > 0 ? container.Spec.Annotations : null,
            },
            NetworkSettings = new NetworkSettingsSummary(EndpointWriter.Networks(container, version)),
            Mounts = MountPointWriter.Write(container),
            Health = version.AtLeast(1, 52) ? Health(listing.Health) : null,
        };
    }

    private static HealthSummary Health(ContainerHealth? health) =>
        health is null ? new HealthSummary("none", 0) : new HealthSummary(StatusText.Word(health.Status), health.FailingStreak);
}
