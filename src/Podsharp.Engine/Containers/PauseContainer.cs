using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

public sealed class PauseContainer(ContainerLookup lookup, ContainerLocks locks, IContainerRuntime runtime, ContainerStates states, EventPublisher events)
{
    public async Task RunAsync(string container, CancellationToken cancellationToken)
    {
        var id = lookup.Find(container).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var found = lookup.Find(id.ToString());
        if (!found.State.IsUp) throw EngineException.Conflict($"Container {found.Id} is not running", "container state improper");
        if (found.State.Phase != ContainerPhase.Running) throw EngineException.Conflict($"Container {found.Id} is already paused", "container state improper");
        await runtime.PauseAsync(found.Id, cancellationToken);
        await states.SaveAsync(found, found.State with { Phase = ContainerPhase.Paused }, cancellationToken);
        events.Container(found, "pause");
    }
}
