using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Containers;

public sealed class UnpauseContainer(ContainerFreezer freezer, IContainerRuntime runtime)
{
    public Task RunAsync(string container, CancellationToken cancellationToken) =>
        freezer.MoveAsync(container, ContainerPhase.Running, "not paused", "unpause", runtime.ResumeAsync, cancellationToken);
}
