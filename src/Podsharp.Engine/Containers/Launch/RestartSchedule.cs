using System.Collections.Concurrent;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.System;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Containers that wait to be started again by their policy. A pending restart keeps the service up.</summary>
public sealed class RestartSchedule(
    IContainerStore containers, ContainerLocks locks, ContainerLauncher launcher, ContainerStates states, PendingDuties duties, TimeProvider clock)
{
    private readonly ConcurrentDictionary<ContainerId, Pending> _pending = new();

    public RestartsByHand ByHand { get; } = new();

    /// <summary>Plans the restart when the policy wants one; true when it is planned. The caller holds the container's lock and has recorded the exit.</summary>
    public ValueTask<bool> PlanAsync(Container container) => PlanAsync(container, RestartRules.AfterRun(container.Spec.RestartPolicy, container.State));

    /// <summary>As <see cref="PlanAsync(Container)"/>, of a container that the start of the machine found down.</summary>
    public async ValueTask<bool> PlanAtBootAsync(Container container)
    {
        if (!RestartRules.WantsAtBoot(container.Spec.RestartPolicy, container.State)) return false;
        Begin(await states.SaveAsync(container, RestartRules.Waiting(container.State, TimeSpan.Zero), CancellationToken.None), TimeSpan.Zero);
        return true;
    }

    /// <summary>Waits for what is left of the delay that was recorded with its exit, maybe by an earlier service. The caller holds the container's lock.</summary>
    public void Resume(Container container) => Begin(container, Remaining(container.State));

    /// <summary>The container stays down; nothing when no restart is pending.</summary>
    /// <returns>The container as it is now: up where the restart was under way already, null when it has gone meanwhile.</returns>
    public async Task<Container?> CancelAsync(Container container, CancellationToken cancellationToken)
    {
        using var held = await locks.EnterAsync(container.Id, cancellationToken);
        if (_pending.TryRemove(container.Id, out var pending)) await pending.Cancellation.CancelAsync();
        return containers.Find(container.Id) is { State.Phase: ContainerPhase.Restarting } waiting
            ? await states.ExitedAsync(waiting, waiting.State with { Phase = ContainerPhase.Exited, StoppedByUser = true }, cancellationToken)
            : containers.Find(container.Id);
    }

    /// <summary>Ends the wait of a container whose new policy wants no restart; nothing when no restart is pending. The caller holds the container's lock.</summary>
    public async ValueTask ReconsiderAsync(Container container)
    {
        if (container.State.Phase != ContainerPhase.Restarting || RestartRules.WantsStill(container.Spec.RestartPolicy, container.State)) return;
        if (_pending.TryRemove(container.Id, out var pending)) await pending.Cancellation.CancelAsync();
        await states.ExitedAsync(container, container.State with { Phase = ContainerPhase.Exited }, CancellationToken.None);
    }

    private async ValueTask<bool> PlanAsync(Container container, ContainerState state)
    {
        if (state.Phase != ContainerPhase.Restarting) return false;
        Begin(await states.SaveAsync(container, state, CancellationToken.None), state.RestartDelay);
        return true;
    }

    private TimeSpan Remaining(ContainerState state)
    {
        var remaining = state.Finished is { } finished ? finished + state.RestartDelay - clock.GetUtcNow() : TimeSpan.Zero;
        // A clock that was set back must not hold it for longer than the policy does.
        return TimeSpan.FromTicks(Math.Clamp(remaining.Ticks, 0, state.RestartDelay.Ticks));
    }

    private void Begin(Container container, TimeSpan delay)
    {
        var pending = new Pending(new CancellationTokenSource());
        // One is left where a person started it meanwhile: it would cut the new wait short.
        if (_pending.TryRemove(container.Id, out var former)) former.Cancellation.Cancel();
        _pending[container.Id] = pending;
        _ = WaitAndStartAsync(container.Id, delay, pending);
    }

    private async Task WaitAndStartAsync(ContainerId id, TimeSpan delay, Pending pending)
    {
        using var duty = duties.Begin($"restart of container {id.Short}");
        try
        {
            await Task.Delay(delay, clock, pending.Cancellation.Token);
            await StartAsync(id, pending);
        }
        catch (OperationCanceledException)
        {
            // Stopped by somebody while waiting: that is the outcome.
        }
    }

    private async Task StartAsync(ContainerId id, Pending pending)
    {
        using var held = await locks.EnterAsync(id, pending.Cancellation.Token);
        _pending.TryRemove(KeyValuePair.Create(id, pending));
        if (containers.Find(id) is not { State.Phase: ContainerPhase.Restarting } container) return;
        try
        {
            await launcher.LaunchAsync(container, CancellationToken.None);
        }
        catch (Exception error) when (error is EngineException or IOException)
        {
            // The launcher has recorded the failure; the policy decides about it as about any exit.
            if (containers.Find(id) is { } failed)
                await PlanAsync(failed, RestartRules.AfterFailure(failed.Spec.RestartPolicy, failed.State with { Finished = clock.GetUtcNow() }));
        }
    }

    private sealed record Pending(CancellationTokenSource Cancellation);
}
