using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

public sealed class ResizeContainer(ContainerLookup lookup, IContainerRuntime runtime, EventPublisher events)
{
    public async Task RunAsync(ResizeContainerRequest request, CancellationToken cancellationToken)
    {
        var container = lookup.Find(request.Container);
        if (!container.State.IsUp) throw EngineException.Conflict($"container {container.Id} is not running", "container state improper");
        // Without a terminal there is nothing to resize; clients ask all the same.
        if (!container.Spec.Process.Terminal) return;
        await runtime.ResizeAsync(container, request.Size, cancellationToken);
        events.Container(container, "resize", ("height", request.Size.Height.ToString()), ("width", request.Size.Width.ToString()));
    }
}
