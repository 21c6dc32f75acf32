using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Containers;

public sealed class PauseContainer(ContainerFreezer freezer, IContainerRuntime runtime)
{
    public Task RunAsync(string container, CancellationToken cancellationToken) =>
        freezer.MoveAsync(container, ContainerPhase.Paused, "already paused", "pause", runtime.PauseAsync, cancellationToken);
}
