using Podsharp.Core.Containers;
using Podsharp.Core.Logs;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Attach;
using Podsharp.Engine.Events;
using Podsharp.Engine.Health;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Tells those who have an interest in a start: the exit watcher, clients that attached before it, readers of events.</summary>
public sealed class LaunchAnnouncer(
    IExitWatcher exits, AttachGate gate, HealthMonitor health, IContainerLogs logs, EventPublisher events, TimeProvider clock)
{
    /// <summary>Between create and start: from here on an exit is noticed, and no output is missed.</summary>
    public async Task CreatedAsync(Container container, CancellationToken cancellationToken)
    {
        exits.Watch(container.Id, container.State.Generation, container.State.Pid, container.State.PidStartTime);
        logs.Keep(container, LogOptions.Files(container.Spec.Log), LogOptions.Compress(container.Spec.Log));
        await gate.ConnectAsync(container, cancellationToken);
    }

    public ContainerState Started(Container container) => container.State with
    {
        Phase = ContainerPhase.Running,
        Started = clock.GetUtcNow(),
        ExitCode = 0,
        StoppedByUser = false,
        Rebooted = false,
        Health = HealthSettings.Of(container.Spec) is null ? null : (container.State.Health ?? ContainerHealth.Initial).Restarted(),
    };

    public async Task StartedAsync(Container container, CancellationToken cancellationToken)
    {
        events.Container(container, "start");
        health.Watch(container);
        // Those who came between create and now.
        await gate.ConnectAsync(container, cancellationToken);
    }

    public void Failed(Container container, Exception error)
    {
        logs.Release(container.Id);
        gate.Fail(container.Id, error);
    }
}
