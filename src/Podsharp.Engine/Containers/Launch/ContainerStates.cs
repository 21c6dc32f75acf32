using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Moves containers from state to state: the store first, then those who wait.</summary>
public sealed class ContainerStates(IContainerStore containers, ContainerWaiters waiters, ContainerLocks locks)
{
    public async ValueTask<Container> SaveAsync(Container container, ContainerState state, CancellationToken cancellationToken)
    {
        await containers.SaveStateAsync(container.Id, state, cancellationToken);
        return container with { State = state };
    }

    /// <summary>Remembers that a person ended it, so that no restart policy starts it again; answers the container as it is now. Takes the container's lock.</summary>
    public async ValueTask<Container> MarkStoppedAsync(Container container, CancellationToken cancellationToken)
    {
        using var held = await locks.EnterAsync(container.Id, cancellationToken);
        var now = containers.Find(container.Id) ?? throw EngineException.NoSuchContainer(container.Id.ToString());
        return now.State.IsUp ? await SaveAsync(now, now.State with { StoppedByUser = true }, cancellationToken) : now;
    }

    /// <summary>Records that it goes on; false where somebody else did so, or it has ended. Takes the container's lock.</summary>
    public async ValueTask<bool> ThawedAsync(Container container, CancellationToken cancellationToken)
    {
        using var held = await locks.EnterAsync(container.Id, cancellationToken);
        if (containers.Find(container.Id) is not { State.Phase: ContainerPhase.Paused } now) return false;
        await SaveAsync(now, now.State with { Phase = ContainerPhase.Running }, cancellationToken);
        return true;
    }

    /// <summary>Records an exit and answers those who wait for it.</summary>
    public async ValueTask<Container> ExitedAsync(Container container, ContainerState state, CancellationToken cancellationToken)
    {
        var exited = await SaveAsync(container, state, cancellationToken);
        waiters.Exited(container.Id, state.ExitCode);
        return exited;
    }
}
