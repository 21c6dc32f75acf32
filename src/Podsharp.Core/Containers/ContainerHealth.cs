namespace Podsharp.Core.Containers;

public enum HealthStatus
{
    Starting,
    Healthy,
    Unhealthy,
}

/// <summary>One probe's outcome.</summary>
/// <param name="ExitCode">0 healthy, −1 when it ran out of time.</param>
/// <param name="Output">The first 4096 bytes of what it wrote.</param>
public sealed record ProbeResult(DateTimeOffset Start, DateTimeOffset End, int ExitCode, string Output);

/// <summary>What is known of a container's health (reference/protocols.md §11).</summary>
/// <param name="Log">The last five probes, oldest first.</param>
public sealed record ContainerHealth(HealthStatus Status, int FailingStreak, IReadOnlyList<ProbeResult> Log)
{
    private const int Kept = 5;

    public static ContainerHealth Initial { get; } = new(HealthStatus.Starting, 0, []);

    /// <param name="forgiving">Still in the start period: failures do not count.</param>
    public ContainerHealth After(ProbeResult result, int retries, bool forgiving)
    {
        var log = Log.Append(result).TakeLast(Kept).ToList();
        if (result.ExitCode == 0) return new ContainerHealth(HealthStatus.Healthy, 0, log);
        if (forgiving && Status == HealthStatus.Starting) return this with { Log = log };
        var streak = FailingStreak + 1;
        return new ContainerHealth(streak >= retries ? HealthStatus.Unhealthy : Status, streak, log);
    }

    /// <summary>As it is told of a container that no probe asks, since its process has ended or is frozen: nobody may take it for healthy.</summary>
    public ContainerHealth Unasked() => this with { Status = HealthStatus.Unhealthy };

    /// <summary>As it is when the container starts again: what earlier probes said stays readable.</summary>
    public ContainerHealth Restarted() => new(HealthStatus.Starting, 0, Log);
}
