using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;
using Podsharp.Engine.Streams;

namespace Podsharp.Engine.Execs;

public sealed class CreateExec(ContainerLookup lookup, ExecSessions sessions, IContainerRuntime runtime, EventPublisher events)
{
    public Task<ContainerId> RunAsync(CreateExecRequest request, CancellationToken cancellationToken)
    {
        var container = lookup.Find(request.Container);
        if (request.Command.Count == 0) throw EngineException.InvalidInput("No exec command specified");
        ExecStates.RequireRunning(container, request.Container);
        if (request.DetachKeys is { } keys) DetachKeys.Parse(keys);
        runtime.Anticipate();
        var session = sessions.Add(request, container.Id);
        events.Exec(container, "exec_create", request.Command, session.Id);
        return Task.FromResult(session.Id);
    }
}

internal static class ExecStates
{
    public static void RequireRunning(Container container, string asked)
    {
        if (container.State.Phase == ContainerPhase.Paused)
            throw EngineException.Conflict($"Container {asked} is paused, unpause the container before exec", "container state improper");
        ContainerUp.Require(container);
    }
}
