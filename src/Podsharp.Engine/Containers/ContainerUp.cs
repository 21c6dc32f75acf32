using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers;

internal static class ContainerUp
{
    /// <summary>Conflict when its process is not there: one that waits for its restart counts as running elsewhere, and is told apart.</summary>
    public static void Require(Container container)
    {
        if (container.State.Phase == ContainerPhase.Restarting)
            throw EngineException.Conflict($"Container {container.Id} is restarting, wait until the container is running", "container state improper");
        if (!container.State.IsUp)
            throw EngineException.Conflict($"container {container.Id} is not running", "container state improper");
    }
}
