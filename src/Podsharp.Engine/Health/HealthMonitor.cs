using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Engine.System;

namespace Podsharp.Engine.Health;

/// <summary>Probes running containers that have a health check. One that is watched keeps the service up.</summary>
public sealed partial class HealthMonitor(
    HealthRecords records, HealthProbe probe, PendingDuties duties, TimeProvider clock, ILogger<HealthMonitor> logger)
{
    private readonly ConcurrentDictionary<ContainerId, CancellationTokenSource> _watched = new();

    /// <summary>Begins with a start of the container, or with the service that finds it running, and ends by itself with its exit.</summary>
    internal void Watch(Container container)
    {
        if (HealthSettings.Of(container.Spec) is not { } settings) return;
        Ended(container.Id);
        var stop = new CancellationTokenSource();
        _watched[container.Id] = stop;
        _ = RunAsync(container, settings, stop.Token);
    }

    internal void Ended(ContainerId id)
    {
        if (_watched.TryRemove(id, out var stop)) stop.Cancel();
    }

    private async Task RunAsync(Container container, HealthSettings settings, CancellationToken stopped)
    {
        using var duty = duties.Begin($"health checks of container {container.Id.Short}");
        try
        {
            await ProbeAsync(container, settings, stopped);
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

    private async Task ProbeAsync(Container container, HealthSettings settings, CancellationToken stopped)
    {
        var started = container.State.Started ?? clock.GetUtcNow();
        var last = LastProbe(container.State, started);
        while (records.Current(container) is { } now)
        {
            var status = now.State.Health?.Status ?? HealthStatus.Starting;
            await Task.Delay(Until(last, settings.Wait(clock.GetUtcNow() - started, status)), clock, stopped);
            if (records.Current(container) is { State.Phase: ContainerPhase.Running } running)
            {
                var result = await probe.RunAsync(running, settings.Command, settings.Timeout, stopped);
                await records.AddAsync(container, result, settings.Retries, result.Start - started < settings.StartPeriod, stopped);
            }

            last = clock.GetUtcNow();
        }
    }

    // The log may hold probes of earlier runs.
    private static DateTimeOffset LastProbe(ContainerState state, DateTimeOffset started) =>
        state.Health?.Log is [.., var latest] && latest.End > started ? latest.End : started;

    // What came due while no service was there is done at once; a clock that was set back must not put it off.
    private TimeSpan Until(DateTimeOffset last, TimeSpan wait) =>
        TimeSpan.FromTicks(Math.Clamp((last + wait - clock.GetUtcNow()).Ticks, 0, wait.Ticks));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The health checks of container {Id} have ended unexpectedly")]
        public static partial void Failed(ILogger logger, string id, Exception error);
    }
}
