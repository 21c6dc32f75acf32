using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>When a container is started again, and after how long (reference/protocols.md §12).</summary>
internal static class RestartRules
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    public static bool Wants(RestartPolicy policy, ContainerState state) => !state.StoppedByUser && policy.Kind switch
    {
        RestartKind.Always or RestartKind.UnlessStopped => true,
        RestartKind.OnFailure => state.ExitCode != 0 && (policy.MaximumRetries == 0 || state.RestartCount < policy.MaximumRetries),
        _ => false,
    };

    /// <summary>As <see cref="Wants"/>, of one that waits: the restart that it waits for has been counted.</summary>
    public static bool WantsStill(RestartPolicy policy, ContainerState state) => Wants(policy, state with { RestartCount = state.RestartCount - 1 });

    /// <summary>The state of one that has ended: waiting for its restart where the policy wants one.</summary>
    public static ContainerState AfterRun(RestartPolicy policy, ContainerState state) => After(policy, state, Ran(state));

    /// <summary>As <see cref="AfterRun"/>, of one that could not be started.</summary>
    public static ContainerState AfterFailure(RestartPolicy policy, ContainerState state) => After(policy, state, TimeSpan.Zero);

    public static ContainerState Waiting(ContainerState state, TimeSpan delay) => state with { Phase = ContainerPhase.Restarting, RestartDelay = delay, Rebooted = false };

    /// <summary>Whether the policy starts it when the machine has been started: "always" does even what a person had stopped.</summary>
    public static bool WantsAtBoot(RestartPolicy policy, ContainerState state) =>
        state.Started is not null && (policy.Kind == RestartKind.Always || Wants(policy, state));

    /// <summary>Doubles from try to try; starts over after a run of ten seconds.</summary>
    /// <param name="previous">The wait before, zero for none.</param>
    public static TimeSpan Delay(TimeSpan previous, TimeSpan ran)
    {
        if (previous == TimeSpan.Zero || ran >= Steady) return First;
        var doubled = previous * 2;
        return doubled > Longest ? Longest : doubled;
    }

    private static ContainerState After(RestartPolicy policy, ContainerState state, TimeSpan ran) =>
        Wants(policy, state) ? Waiting(state, Delay(state.RestartDelay, ran)) with { RestartCount = state.RestartCount + 1 } : state;

    private static TimeSpan Ran(ContainerState state) => state is { Started: { } started, Finished: { } finished } ? finished - started : TimeSpan.Zero;
}
