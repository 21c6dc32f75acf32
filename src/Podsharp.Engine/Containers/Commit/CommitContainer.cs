using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Changes;

namespace Podsharp.Engine.Containers.Commit;

/// <summary>Makes an image of a container: what it changed becomes a layer on top of those that it stands on.</summary>
public sealed class CommitContainer(
    ContainerLookup lookup, ContainerStill still, IContainerArchives archives, CommittedConfig config, EventPublisher events)
{
    // Where the engine mounts something into every container. What the image had at these paths is not touched by that.
    /// <summary>Mount points that the engine needs.</summary>
    internal static readonly string[] Placeholders =
    [
        ".dockerenv", "dev", "dev/console", "dev/mqueue", "dev/pts", "dev/shm", "etc/hostname", "etc/hosts", "etc/localtime", "etc/mtab", "etc/resolv.conf",
        "proc", "run/.containerenv", "sbin/docker-init", "sys", "sys/fs", "sys/fs/cgroup", "usr/sbin/docker-init",
    ];

    public async Task<Image> RunAsync(CommitContainerRequest request, CancellationToken cancellationToken)
    {
        var name = NewImageName.Parse(request.Repository, request.Tag);
        var container = lookup.Find(request.Container);
        var asked = ChangeLines.Apply(request.Changes, request.Process ?? CommittedProcess.Of(container.Spec));
        var process = CommittedProcess.Merge(asked, CommittedProcess.Of(container.Spec));

        await using var layer = await CopyAsync(container.Id, request.Pause, cancellationToken);
        var (complete, parent) = config.Make(request, container, process);
        var image = await layer.AddImageAsync(container.Layers, complete, parent, name, cancellationToken);
        if (name is not null) events.Image(image, "tag", name.Familiar);
        events.Container(
            container, "commit", ("comment", request.Comment), ("imageID", image.Id.ToString()), ("imageRef", name?.Familiar ?? ""));
        return image;
    }

    private async Task<IPendingLayer> CopyAsync(ContainerId id, bool pause, CancellationToken cancellationToken)
    {
        await using var quiet = await still.EnterAsync(id, pause, cancellationToken);
        if (quiet.Container.State.Phase is ContainerPhase.Dead or ContainerPhase.Removing)
            throw EngineException.Conflict($"You cannot commit container {id.Short}: it is being removed", "container state improper");
        return await archives.CopyAsync(id, quiet.Container.Layers, Placeholders, cancellationToken);
    }
}
