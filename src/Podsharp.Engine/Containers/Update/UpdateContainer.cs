using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers.Update;

/// <param name="Limits">Only what is to change; the rest zero or null.</param>
/// <param name="RestartPolicy">Null: as it is.</param>
public sealed record UpdateContainerRequest(string Container, ResourceLimits Limits, RestartPolicy? RestartPolicy);

/// <summary>Changes limits, at once where the container runs, and the restart policy, at once where a restart is pending that the new one does not want.</summary>
public sealed class UpdateContainer(
    ContainerLookup lookup, ContainerLocks locks, IContainerStore containers, LiveLimits limits, RestartSchedule restarts, EventPublisher events)
{
    /// <summary>Answers what could not be changed on this machine, in words for the user.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(UpdateContainerRequest request, CancellationToken cancellationToken)
    {
        var id = lookup.Find(request.Container).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var container = lookup.Find(id.ToString());
        if (container.State.Phase is ContainerPhase.Dead or ContainerPhase.Removing)
            throw Refused(container, "Container is marked for removal and cannot be \"update\".");
        if (LimitChange.Conflict(container.Spec.Resources, request.Limits) is { } conflict) throw Refused(container, conflict);
        if (request.RestartPolicy is { Kind: not RestartKind.No } && container.Spec.AutoRemove)
            throw Refused(container, "Restart policy cannot be updated because AutoRemove is enabled for the container");

        var warnings = new List<string>();
        var changed = await limits.ChangeAsync(container, request.Limits, warnings, cancellationToken);
        var updated = container with
        {
            Spec = container.Spec with { Resources = changed, RestartPolicy = request.RestartPolicy ?? container.Spec.RestartPolicy },
        };
        // The control group has changed: what is kept has to follow, whoever has gone.
        await containers.ReplaceAsync(updated, CancellationToken.None);
        await restarts.ReconsiderAsync(updated);
        events.Container(updated, "update");
        return warnings;
    }

    private static EngineException Refused(Container container, string why) =>
        EngineException.Conflict($"Cannot update container {container.Id}: {why}", "container cannot be updated");
}
