using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Makes what a container's mounts are bound from, and gives new volumes their first content.</summary>
public sealed class LaunchMounts(ContainerVolumes containerVolumes, IVolumeStore volumes, IMountPlaces places, FileLabeling labels)
{
    /// <summary>The mounts, each with the path on the host that it is bound from. What is made here is undone by the container's clean-up.</summary>
    public async Task<IReadOnlyList<ResolvedMount>> MakeAsync(Container container, string root, CancellationToken cancellationToken)
    {
        if (container.Mounts.Count == 0) return [];
        await containerVolumes.TakeAsync(container, cancellationToken);
        var made = new List<ResolvedMount>(container.Mounts.Count);
        for (var index = 0; index < container.Mounts.Count; index++)
        {
            var mount = container.Mounts[index];
            // Content comes with a container's first start only: what it has removed since stays removed.
            if (mount is { Kind: MountKind.Volume, NoCopy: false, Subpath: "" } && container.State.Started is null)
                await volumes.CopyUpAsync(mount.VolumeName, root, mount.Target, cancellationToken);
            var source = await SourceAsync(container.Id, mount, index, cancellationToken);
            await labels.PrepareAsync(container, mount, source, cancellationToken);
            made.Add(Restricted(mount) with { Source = source });
        }

        return made;
    }

    // A runtime that binds the volume's mount anew gives it flags of its own.
    private ResolvedMount Restricted(ResolvedMount mount)
    {
        if (mount.Kind != MountKind.Volume || volumes.Find(mount.VolumeName) is not { } volume || VolumeMount.Of(volume) is not { } options) return mount;
        var words = options.Restrictions;
        return mount with { ReadOnly = mount.ReadOnly || words.Contains("ro"), Options = [.. words.Where(static word => word != "ro")] };
    }

    private Task<string> SourceAsync(ContainerId id, ResolvedMount mount, int index, CancellationToken cancellationToken)
    {
        switch (mount.Kind)
        {
            case MountKind.Image:
                return places.MountImageAsync(id, index, mount.Layers, mount.Subpath, cancellationToken);
            case MountKind.Volume when mount.Subpath.Length > 0:
                return places.MountBelowAsync(id, index, mount.Source, mount.Subpath, cancellationToken);
            case MountKind.Bind:
                CheckBind(mount);
                // crun takes the mounts below along whatever it is told: what is bound from this place has none.
                if (mount.NonRecursive && Directory.Exists(mount.Source))
                    return places.MountBelowAsync(id, index, mount.Source, ".", cancellationToken);
                break;
        }

        return Task.FromResult(mount.Source);
    }

    private void CheckBind(ResolvedMount mount)
    {
        if (mount.CreateSource && !Path.Exists(mount.Source)) Directory.CreateDirectory(mount.Source);
        if (!Path.Exists(mount.Source))
            throw EngineException.InvalidInput($"invalid mount config for type \"bind\": bind source path does not exist: {mount.Source}");
        if (mount.Propagation is "" or "private" or "rprivate") return;
        var sharing = places.SharingOf(mount.Source);
        var wantsShared = mount.Propagation is "shared" or "rshared";
        if (sharing.Shared || (!wantsShared && sharing.Follows)) return;
        throw EngineException.Internal(
            $"path {mount.Source} is mounted on {sharing.MountPoint} but it is not a {(wantsShared ? "shared" : "shared or slave")} mount");
    }
}
