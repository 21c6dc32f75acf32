using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Containers;

/// <summary>Sends a signal to a container's main process; SIGKILL is answered when it has ended.</summary>
public sealed class KillContainer(
    ContainerLookup lookup, ContainerStop stop, ContainerStates states, RestartSchedule restarts)
{
    public async Task RunAsync(KillContainerRequest request, CancellationToken cancellationToken)
    {
        var (container, signal) = Read(request);
        if (container.State.Phase == ContainerPhase.Restarting)
        {
            if (await restarts.CancelAsync(container, cancellationToken) is not { State.IsUp: true } up) return;
            container = up;
        }

        if (!container.State.IsUp)
            throw EngineException.Conflict(
                $"cannot kill container: {request.Container}: container {container.Id} is not running", "container state improper");

        var ends = signal == Signals.Kill || signal == Signals.Parse(container.Spec.StopSignal ?? "SIGTERM");
        if (ends)
        {
            container = await states.MarkStoppedAsync(container, cancellationToken);
            if (!container.State.IsUp)
            {
                // It ended by itself before the mark, which its restart policy then has not seen.
                await restarts.CancelAsync(container, cancellationToken);
                return;
            }
        }

        if (signal == Signals.Kill)
        {
            await stop.KillAsync(container, cancellationToken);
            return;
        }

        // One without a stop signal of its own may mean any signal to end it, so any lets it go on where it is paused.
        await stop.SignalAsync(container, signal, thaw: ends || container.Spec.StopSignal is null, cancellationToken);
    }

    private (Container Container, int Signal) Read(KillContainerRequest request)
    {
        try
        {
            return (lookup.Find(request.Container), Signals.Parse(request.Signal));
        }
        catch (EngineException error)
        {
            throw new EngineException(error.Kind, $"cannot kill container: {request.Container}: {error.Message}", error.Cause, error);
        }
    }
}
