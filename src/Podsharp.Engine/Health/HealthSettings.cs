using Podsharp.Core.Containers;

namespace Podsharp.Engine.Health;

/// <summary>A health check with its defaults filled in; null when there is nothing to check.</summary>
internal sealed record HealthSettings(
    IReadOnlyList<string> Command, TimeSpan Interval, TimeSpan Timeout, TimeSpan StartPeriod, TimeSpan StartInterval, int Retries)
{
    private static readonly TimeSpan ThirtySeconds = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    public static HealthSettings? Of(ContainerSpec spec)
    {
        if (spec.HealthCheck is not { Test.Count: > 0 } check) return null;
        IReadOnlyList<string>? command = check.Test[0] switch
        {
            "NONE" => null,
            "CMD" => [.. check.Test.Skip(1)],
            "CMD-SHELL" => [.. spec.Process.Shell ?? ["/bin/sh", "-c"], .. check.Test.Skip(1)],
            _ => check.Test,
        };
        var interval = Given(check.Interval, ThirtySeconds);
        return command is not { Count: > 0 }
            ? null
            : new HealthSettings(
                command,
                interval,
                Given(check.Timeout, ThirtySeconds),
                check.StartPeriod ?? TimeSpan.Zero,
                // Documented as five seconds, while dockerd takes the interval: whichever tells first that the container is ready.
                Given(check.StartInterval, interval < FiveSeconds ? interval : FiveSeconds),
                check.Retries is > 0 and var retries ? retries : 3);
    }

    /// <summary>When the next probe is due, that long after the one before.</summary>
    public TimeSpan Wait(TimeSpan sinceStart, HealthStatus status) =>
        status == HealthStatus.Starting && sinceStart < StartPeriod ? StartInterval : Interval;

    private static TimeSpan Given(TimeSpan? asked, TimeSpan standard) => asked is { } value && value > TimeSpan.Zero ? value : standard;
}
