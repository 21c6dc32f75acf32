using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Moves a container that is up between running and paused.</summary>
public sealed class ContainerFreezer(ContainerLookup lookup, ContainerLocks locks, ContainerStates states, EventPublisher events)
{
    private const string WrongState = "container state improper";

    /// <summary>Conflict when it is not up, or is in that phase already (told by <paramref name="already"/>).</summary>
    public async Task MoveAsync(
        string container, ContainerPhase phase, string already, string told, Func<ContainerId, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var id = lookup.Find(container).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var found = lookup.Find(id.ToString());
        if (phase == ContainerPhase.Paused) ContainerUp.Require(found);
        if (!found.State.IsUp || found.State.Phase == phase) throw EngineException.Conflict($"Container {found.Id} is {already}", WrongState);
        await act(found.Id, cancellationToken);
        // The first probe after it says again how it is.
        var health = phase == ContainerPhase.Paused ? found.State.Health?.Unasked() : found.State.Health;
        await states.SaveAsync(found, found.State with { Phase = phase, Health = health }, cancellationToken);
        events.Container(found, told);
    }
}
