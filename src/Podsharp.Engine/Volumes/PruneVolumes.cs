using Podsharp.Core.Events;
using Podsharp.Core.Queries;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Volumes;

/// <param name="All">Named volumes too, not only anonymous ones.</param>
/// <param name="Filters">label, label!.</param>
public sealed record PruneVolumesRequest(bool All, Filters Filters);

/// <param name="SpaceReclaimed">Bytes; 0 where nobody has counted.</param>
public sealed record PruneVolumesOutcome(IReadOnlyList<string> Removed, long SpaceReclaimed);

/// <summary>Removes volumes that no container has.</summary>
public sealed class PruneVolumes(IVolumeStore volumes, VolumeRemoval removal, EventPublisher events)
{
    public async Task<PruneVolumesOutcome> RunAsync(PruneVolumesRequest request, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var volume in volumes.All.Where(volume => (request.All || volume.Anonymous) && request.Filters.MatchesLabels(volume.Labels)))
        {
            if (await removal.TryRemoveAsync(volume, cancellationToken)) removed.Add(volume.Name);
        }

        events.Pruned(EventSubject.Volume, 0);
        return new PruneVolumesOutcome(removed, 0);
    }
}
