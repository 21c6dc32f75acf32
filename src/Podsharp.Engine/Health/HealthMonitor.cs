using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;

namespace Podsharp.Engine.Health;

/// <summary>Probes running containers that have a health check. One that is watched keeps the service up.</summary>
public sealed partial class HealthMonitor(
    IContainerStore containers, HealthProbe probe, PendingDuties duties, EventPublisher events, TimeProvider clock, ILogger<HealthMonitor> logger)
{
    private readonly ConcurrentDictionary<ContainerId, Watched> _watched = new();

    /// <summary>Null without a health check, or when it has not been started in this service's life.</summary>
    public ContainerHealth? Of(Container container) =>
        _watched.TryGetValue(container.Id, out var watched) ? watched.Health : HealthSettings.Of(container.Spec) is null ? null : ContainerHealth.Initial;

    /// <summary>Begins with a start of the container and ends by itself with its exit.</summary>
    internal void Watch(Container container)
    {
        if (HealthSettings.Of(container.Spec) is not { } settings) return;
        var watched = new Watched(new CancellationTokenSource());
        _watched[container.Id] = watched;
        _ = RunAsync(container, settings, watched);
    }

    internal void Ended(ContainerId id)
    {
        if (_watched.TryGetValue(id, out var watched)) watched.Stop.Cancel();
    }

    internal void Forget(ContainerId id) => _watched.TryRemove(id, out _);

    private async Task RunAsync(Container container, HealthSettings settings, Watched watched)
    {
        using var duty = duties.Begin($"health checks of container {container.Id.Short}");
        var begun = clock.GetUtcNow();
        try
        {
            while (true)
            {
                await Task.Delay(settings.Wait(clock.GetUtcNow() - begun, watched.Health.Status), clock, watched.Stop.Token);
                if (containers.Find(container.Id) is not { State.IsUp: true } now || now.State.Generation != container.State.Generation) return;
                if (now.State.Phase == ContainerPhase.Paused) continue;
                var result = await probe.RunAsync(now, settings.Command, settings.Timeout, watched.Stop.Token);
                Record(now, settings, watched, result, clock.GetUtcNow() - begun < settings.StartPeriod);
            }
        }
        catch (OperationCanceledException)
        {
            // The container has ended.
        }
        catch (Exception error)
        {
            Log.Failed(logger, container.Id.ToString(), error);
        }
    }

    private void Record(Container container, HealthSettings settings, Watched watched, ProbeResult result, bool forgiving)
    {
        var before = watched.Health.Status;
        watched.Health = watched.Health.After(result, settings.Retries, forgiving);
        if (watched.Health.Status != before)
            events.Container(container, "health_status: " + watched.Health.Status.ToString().ToLowerInvariant());
    }

    private sealed class Watched(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;

        public ContainerHealth Health { get; set; } = ContainerHealth.Initial;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The health checks of container {Id} have ended unexpectedly")]
        public static partial void Failed(ILogger logger, string id, Exception error);
    }
}
