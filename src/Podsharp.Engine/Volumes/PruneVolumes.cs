using Podsharp.Core.Events;
using Podsharp.Core.Queries;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Volumes;

/// <param name="All">Named volumes too, not only anonymous ones.</param>
/// <param name="Filters">label, label!.</param>
public sealed record PruneVolumesRequest(bool All, Filters Filters);

/// <param name="SpaceReclaimed">Bytes of the disk's blocks.</param>
public sealed record PruneVolumesOutcome(IReadOnlyList<string> Removed, long SpaceReclaimed);

/// <summary>Removes volumes that no container has.</summary>
public sealed class PruneVolumes(IVolumeStore volumes, VolumeRemoval removal, IDiskUsage disk, EventPublisher events)
{
    public async Task<PruneVolumesOutcome> RunAsync(PruneVolumesRequest request, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        var reclaimed = 0L;
        foreach (var volume in volumes.All.Where(volume => (request.All || volume.Anonymous) && request.Filters.MatchesLabels(volume.Labels)))
        {
            if (removal.UsersOf(volume.Name).Count > 0) continue;
            var size = await disk.VolumeAsync(volume.Name, cancellationToken);
            if (!await removal.TryRemoveAsync(volume, cancellationToken)) continue;
            removed.Add(volume.Name);
            reclaimed += size;
        }

        events.Pruned(EventSubject.Volume, reclaimed);
        return new PruneVolumesOutcome(removed, reclaimed);
    }
}
