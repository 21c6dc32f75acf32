using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Ends a running container's process: a signal, patience, and then the kill.</summary>
public sealed class ContainerStop(
    ContainerWaiters waiters, IContainerRuntime runtime, ContainerStates states, EngineOptions options, EventPublisher events, TimeProvider clock)
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the exit has been recorded. The caller does not hold the container's lock.</summary>
    /// <param name="timeout">Seconds; −1 for ever; null: the container's, else the engine's.</param>
    public async Task RunAsync(Container container, int? timeout, string? signal, CancellationToken cancellationToken)
    {
        var exit = waiters.NextExit(container.Id);
        container = await states.MarkStoppedAsync(container, cancellationToken);
        if (!container.State.IsUp) return;

        var seconds = timeout ?? container.Spec.StopTimeout ?? options.StopTimeout;
        await SignalAsync(container, Signals.Parse(signal ?? container.Spec.StopSignal ?? "SIGTERM"), thaw: true, cancellationToken);
        if (seconds != 0 && await EndsWithinAsync(exit, seconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds), cancellationToken)) return;
        await KillAsync(container, exit, cancellationToken);
    }

    /// <summary>Kills at once; returns when the exit has been recorded.</summary>
    public async Task KillAsync(Container container, CancellationToken cancellationToken)
    {
        var exit = waiters.NextExit(container.Id);
        container = await states.MarkStoppedAsync(container, cancellationToken);
        if (container.State.IsUp) await KillAsync(container, exit, cancellationToken);
    }

    private async Task KillAsync(Container container, Task exit, CancellationToken cancellationToken)
    {
        await SignalAsync(container, Signals.Kill, thaw: true, cancellationToken);
        if (await EndsWithinAsync(exit, KillPatience, cancellationToken)) return;
        throw EngineException.Internal(
            $"container {container.Name} did not end within {KillPatience.TotalSeconds} s of SIGKILL: its process {container.State.Pid} hangs in the kernel");
    }

    /// <summary>Sends it and waits for nothing.</summary>
    /// <param name="thaw">Whether a paused one goes on for it: a frozen process takes no signal but the kill, and on cgroup v1 not even that.</param>
    public async Task SignalAsync(Container container, int signal, bool thaw, CancellationToken cancellationToken)
    {
        if (thaw && container.State.Phase == ContainerPhase.Paused)
        {
            await runtime.ResumeAsync(container.Id, cancellationToken);
            if (await states.ThawedAsync(container, cancellationToken)) events.Container(container, "unpause");
        }

        events.Container(container, "kill", ("signal", signal.ToString()));
        await runtime.SignalAsync(container, signal, cancellationToken);
    }

    private async Task<bool> EndsWithinAsync(Task exit, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await exit.WaitAsync(patience, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
