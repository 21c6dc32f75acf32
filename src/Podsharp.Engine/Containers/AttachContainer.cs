using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Logs;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Attach;
using Podsharp.Engine.Events;
using Podsharp.Engine.Streams;

namespace Podsharp.Engine.Containers;

/// <summary>Attaches to a running container, or to one that is about to be started.</summary>
public sealed class AttachContainer(
    ContainerLookup lookup, IContainerRuntime runtime, AttachGate gate, IContainerLogs logs, EventPublisher events, EngineOptions options)
{
    public async Task<IStreamSession> RunAsync(AttachContainerRequest request, CancellationToken cancellationToken)
    {
        var container = lookup.Find(request.Container);
        if (container.State.Phase == ContainerPhase.Paused)
            throw EngineException.Conflict($"container {container.Id} is paused, unpause the container before attach");
        if (container.State.Phase == ContainerPhase.Restarting)
            throw EngineException.Conflict($"container {container.Id} is restarting, wait until the container is running");

        // Checked even where they will not be looked for: a wrong key is the caller's mistake all the same.
        var keys = DetachKeys.Parse(request.DetachKeys ?? options.DetachKeys);
        var process = container.Spec.Process;
        var stdin = request.Stdin && process.OpenStdin;
        var pump = new PumpOptions(
            process.Terminal || request.Plain, stdin, request.Stdout, request.Stderr, process.StdinOnce || !process.OpenStdin,
            process.Terminal ? keys : [])
        {
            EndsWithInput = request.Plain && (!stdin || !process.StdinOnce || process.Terminal),
        };
        if (request.Logs) logs.CheckReadable(container);
        // With nothing to carry either way there is nothing to wait for.
        var connection = request.Stream && (stdin || request.Stdout || request.Stderr) ? await ConnectAsync(container, cancellationToken) : null;
        events.Container(container, "attach");
        return new AttachSession(container, request, pump, connection, logs, events);
    }

    private async Task<Task<IStdio>> ConnectAsync(Container container, CancellationToken cancellationToken)
    {
        if (!container.State.IsUp) return gate.WaitForStart(container.Id, cancellationToken);
        return Task.FromResult(await runtime.AttachAsync(container, cancellationToken));
    }
}
