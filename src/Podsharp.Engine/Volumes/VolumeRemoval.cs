using Podsharp.Core.Containers;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Volumes;

/// <summary>The removal of one volume that nobody uses, whoever asks for it.</summary>
public sealed class VolumeRemoval(IVolumeStore volumes, IContainerStore containers, VolumeHolds holds, EventPublisher events)
{
    /// <summary>Containers that have the volume among their mounts, running or not.</summary>
    public IReadOnlyList<Container> UsersOf(string name) =>
        [.. containers.All.Where(container => container.Mounts.Any(mount => mount.VolumeName == name))];

    /// <summary>False, and nothing done, when a container uses it or is about to.</summary>
    public async Task<bool> TryRemoveAsync(Volume volume, CancellationToken cancellationToken)
    {
        if (!holds.TryLeave(volume.Name)) return false;
        try
        {
            if (UsersOf(volume.Name).Count > 0) return false;
            await volumes.RemoveAsync(volume.Name, cancellationToken);
        }
        finally
        {
            holds.Left(volume.Name);
        }

        events.Volume(volume, "destroy");
        return true;
    }
}
