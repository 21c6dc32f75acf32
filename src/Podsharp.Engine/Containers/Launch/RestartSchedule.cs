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
    private readonly ConcurrentDictionary<ContainerId, TimeSpan> _delays = new();

    /// <summary>Plans the restart when the policy wants one; true when it is planned. The caller holds the container's lock and has recorded the exit.</summary>
    public async ValueTask<bool> PlanAsync(Container container)
    {
        var state = container.State;
        if (!RestartRules.Wants(container.Spec.RestartPolicy, state))
        {
            _delays.TryRemove(container.Id, out _);
            return false;
        }

        var ran = state is { Started: { } started, Finished: { } finished } ? finished - started : TimeSpan.Zero;
        var delay = RestartRules.Delay(_delays.GetValueOrDefault(container.Id), ran);
        _delays[container.Id] = delay;
        container = await states.SaveAsync(container, state with { Phase = ContainerPhase.Restarting }, CancellationToken.None);
        Begin(container, delay);
        return true;
    }

    /// <summary>At the start of the service: takes up what its predecessor left waiting.</summary>
    public void Resume(Container container) => Begin(container, TimeSpan.Zero);

    /// <summary>The container stays down; nothing when no restart is pending.</summary>
    public async Task CancelAsync(Container container, CancellationToken cancellationToken)
    {
        if (_pending.TryRemove(container.Id, out var pending)) await pending.Cancellation.CancelAsync();
        _delays.TryRemove(container.Id, out _);
        using var held = await locks.EnterAsync(container.Id, cancellationToken);
        if (containers.Find(container.Id) is { State.Phase: ContainerPhase.Restarting } waiting)
            await states.SaveAsync(waiting, waiting.State with { Phase = ContainerPhase.Exited, StoppedByUser = true }, cancellationToken);
    }

    private void Begin(Container container, TimeSpan delay)
    {
        var pending = new Pending(new CancellationTokenSource());
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
        var count = container.State.RestartCount + 1;
        try
        {
            await launcher.LaunchAsync(container with { State = container.State with { RestartCount = count } }, CancellationToken.None);
        }
        catch (Exception error) when (error is EngineException or IOException)
        {
            // The launcher has recorded the failure; the policy decides about it as about any exit.
            if (containers.Find(id) is { } failed)
                await PlanAsync(failed with { State = failed.State with { RestartCount = count, Started = null, Finished = null } });
        }
    }

    private sealed record Pending(CancellationTokenSource Cancellation);
}
