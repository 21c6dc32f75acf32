using System.Collections.Concurrent;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Volumes;

/// <summary>
/// Volumes in the hands of containers that run: what a volume's options ask for is mounted with the first and unmounted with the last. Who has
/// one is read from the containers' states, so that it is known to the next service, too.
/// </summary>
public sealed class ContainerVolumes(IVolumeStore volumes, IVolumeMounts mounts, IContainerStore containers, EventPublisher events)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    // Containers that have let go, with the generation they did, until their states say so.
    private readonly ConcurrentDictionary<ContainerId, int> _released = new();

    // Starts that failed for want of a volume: nobody was told that the container has any.
    private readonly ConcurrentDictionary<ContainerId, int> _untold = new();

    /// <summary>Before the container's process is made, and after its state says that it owes clean-up.</summary>
    public async Task TakeAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (mount, volume) in Of(container)) await MountAsync(volume ?? throw EngineException.NoSuchVolume(mount.VolumeName), cancellationToken);
        }
        catch
        {
            _untold[container.Id] = container.State.Generation;
            throw;
        }

        foreach (var (mount, volume) in Of(container)) events.VolumeMounted(volume!, container, mount);
    }

    /// <summary>When nothing of the container is left, and before its state says so. May be repeated.</summary>
    public async Task ReleaseAsync(Container container, CancellationToken cancellationToken)
    {
        var told = !_untold.TryRemove(KeyValuePair.Create(container.Id, container.State.Generation));
        foreach (var volume in Of(container).Select(static pair => pair.Volume).OfType<Volume>())
        {
            if (VolumeMount.Of(volume) is not null) await ReleaseAsync(container, volume, cancellationToken);
            if (told) events.VolumeUnmounted(volume, container);
        }
    }

    private async Task MountAsync(Volume volume, CancellationToken cancellationToken)
    {
        if (VolumeMount.Of(volume) is null) return;
        using var turn = await EnterAsync(volume.Name, cancellationToken);
        await mounts.MountAsync(volume, cancellationToken);
    }

    private async Task ReleaseAsync(Container container, Volume volume, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(volume.Name, cancellationToken);
        _released[container.Id] = container.State.Generation;
        if (!containers.All.Any(other => other.Id != container.Id && Has(other, volume))) await mounts.UnmountAsync(volume, cancellationToken);
    }

    private bool Has(Container container, Volume volume) =>
        container.State.CleanupOwed
        && container.Mounts.Any(mount => mount.VolumeName == volume.Name)
        && _released.GetValueOrDefault(container.Id, -1) != container.State.Generation;

    private IEnumerable<(ResolvedMount Mount, Volume? Volume)> Of(Container container) =>
        container.Mounts.Where(static mount => mount.Kind == MountKind.Volume).Select(mount => (mount, volumes.Find(mount.VolumeName)));

    private async Task<Turn> EnterAsync(string volume, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(volume, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
