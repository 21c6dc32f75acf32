using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>
/// The one loop that handles exits: record, answer those who wait, and then, off their path, clean up, restart or remove.
/// </summary>
public sealed partial class ExitHandler(
    IExitWatcher exits, ExitAftermath aftermath, ContainerStates states, PendingDuties duties, EventPublisher events, ILogger<ExitHandler> logger)
{
    private const int KilledExit = 137;
    private const int UnknownExit = 255;

    /// <summary>Runs until cancelled; exits of different containers are handled side by side.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var exit in exits.ReadAllAsync(cancellationToken)) _ = HandleAsync(exit);
    }

    private async Task HandleAsync(ContainerExit exit)
    {
        using var duty = duties.Begin($"exit of container {exit.Id.Short}");
        try
        {
            using var held = await aftermath.Locks.EnterAsync(exit.Id, CancellationToken.None);
            if (aftermath.Current(exit) is not { } container) return;
            if (exit.OutOfMemory) events.Container(container, "oom");
            // A restart is decided together with the exit: nobody may see the container as ended, and leave it be, that comes up again.
            var state = RestartRules.AfterRun(container.Spec.RestartPolicy, Exited(container.State, exit));
            // "die" comes before the answer to those who wait, so that a client sees both in order.
            events.Container(container, "die", ("exitCode", state.ExitCode.ToString()), ("execDuration", Seconds(state)));
            container = await states.ExitedAsync(container, state, CancellationToken.None);
            await aftermath.RunAsync(container);
        }
        catch (Exception error)
        {
            Log.Failed(logger, exit.Id.ToString(), error);
        }
    }

    internal static ContainerState Exited(ContainerState state, ContainerExit exit) => state with
    {
        Phase = ContainerPhase.Exited,
        Pid = 0,
        PidStartTime = 0,
        MonitorPid = 0,
        ExitCode = CodeOf(state, exit),
        // The time of a file goes by a coarser clock.
        Finished = exit.Time < state.Started ? state.Started.Value : exit.Time,
        OomKilled = exit.OutOfMemory,
        Error = exit.ExitCode == -1 ? $"its monitor was killed, so its exit code is not known: {CodeOf(state, exit)} stands for it" : "",
        CleanupOwed = true,
        Health = state.Health?.Unasked(),
    };

    // Nobody but its parent learns how a process ended. What a person ended is told as killed, the rest as what a container is that a reboot ended.
    private static int CodeOf(ContainerState state, ContainerExit exit) => (exit.ExitCode, state.StoppedByUser) switch
    {
        (-1, true) => KilledExit,
        (-1, false) => UnknownExit,
        _ => exit.ExitCode,
    };

    private static string Seconds(ContainerState state) =>
        state is { Started: { } started, Finished: { } finished } ? ((long)(finished - started).TotalSeconds).ToString() : "0";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The exit of container {Id} could not be handled")]
        public static partial void Failed(ILogger logger, string id, Exception error);
    }
}
