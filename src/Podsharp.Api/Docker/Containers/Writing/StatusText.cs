using Podsharp.Core.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class StatusText
{
    /// <summary>The word of State.Status and of the status filter.</summary>
    public static string Word(ContainerPhase phase) => phase switch
    {
        ContainerPhase.Created => "created",
        ContainerPhase.Running => "running",
        ContainerPhase.Paused => "paused",
        ContainerPhase.Restarting => "restarting",
        ContainerPhase.Removing => "removing",
        ContainerPhase.Exited => "exited",
        _ => "dead",
    };

    /// <summary>The sentence of a list: "Up 5 minutes (Paused)", "Exited (0) 3 seconds ago".</summary>
    public static string Of(ContainerState state, ContainerHealth? health, DateTimeOffset now) => state.Phase switch
    {
        ContainerPhase.Running => $"Up {Since(state.Started, now)}{Suffix(health)}",
        ContainerPhase.Paused => $"Up {Since(state.Started, now)} (Paused)",
        ContainerPhase.Restarting => $"Restarting ({state.ExitCode}) {Since(state.Finished, now)} ago",
        ContainerPhase.Removing => "Removal In Progress",
        ContainerPhase.Dead => "Dead",
        ContainerPhase.Created => "Created",
        _ => $"Exited ({state.ExitCode}) {Since(state.Finished, now)} ago",
    };

    public static string Word(HealthStatus health) => health switch
    {
        HealthStatus.Starting => "starting",
        HealthStatus.Healthy => "healthy",
        _ => "unhealthy",
    };

    private static string Suffix(ContainerHealth? health) => health?.Status switch
    {
        null => "",
        HealthStatus.Starting => " (health: starting)",
        { } status => $" ({Word(status)})",
    };

    private static string Since(DateTimeOffset? moment, DateTimeOffset now) => HumanDuration.Of(now - (moment ?? now));
}
