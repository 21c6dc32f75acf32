using Podsharp.Core.Host;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

/// <summary>The process table of a running container.</summary>
public sealed class ListProcesses(ContainerLookup lookup, IContainerRuntime runtime, IHost host, EventPublisher events)
{
    public async Task<ContainerProcesses> RunAsync(string container, string psArguments, CancellationToken cancellationToken)
    {
        var found = lookup.Find(container);
        ContainerUp.Require(found);
        var pids = await runtime.ProcessesAsync(found, cancellationToken);
        var (titles, rows) = await host.ProcessTableAsync(pids, psArguments, cancellationToken);
        events.Container(found, "top");
        return new ContainerProcesses(titles, rows);
    }
}
