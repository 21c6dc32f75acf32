using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;

namespace Podsharp.Engine.Volumes;

/// <summary>Removes the anonymous volumes of a container that has just left the store, but for those that others use. Never fails for one of them.</summary>
public sealed class DiscardVolumes(IVolumeStore volumes, VolumeRemoval removal)
{
    public async Task RunAsync(Container removed, CancellationToken cancellationToken)
    {
        foreach (var mount in removed.Mounts.Where(mount => mount is { Anonymous: true, VolumeName.Length: > 0 }))
        {
            if (volumes.Find(mount.VolumeName) is not { } volume) continue;
            try
            {
                await removal.TryRemoveAsync(volume, cancellationToken);
            }
            catch (Exception exception) when (exception is EngineException or IOException)
            {
                // It stays in the list of volumes, where its owner or a prune finds it.
            }
        }
    }
}
