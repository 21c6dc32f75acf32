using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;

namespace Podsharp.Engine.Execs;

/// <summary>
/// Follows exec sessions to their end. Their processes are children of this service, which alone learns their exit codes: one that runs keeps the service up.
/// </summary>
public sealed class ExecCompletion(ExecSessions sessions, PendingDuties duties, EventPublisher events)
{
    internal void Starting(Container container, ExecSession session) =>
        events.Exec(container, "exec_start", session.Request.Command, session.Id);

    /// <summary>Completes when the exit code has been recorded.</summary>
    internal Task Follow(Container container, ExecSession session, IExecProcess process)
    {
        sessions.Running(session.Id, process);
        return FollowAsync(container, session, process);
    }

    internal void Failed(Container container, ExecSession session, int exitCode)
    {
        sessions.Ended(session.Id, exitCode);
        Died(container, session, exitCode);
    }

    internal void Detached(Container container, ExecSession session) =>
        events.Container(container, "exec_detach", ("execID", session.Id.ToString()));

    private async Task FollowAsync(Container container, ExecSession session, IExecProcess process)
    {
        using var duty = duties.Begin($"exec session {session.Id.Short}");
        var code = await process.Exited;
        sessions.Ended(session.Id, code);
        Died(container, session, code);
    }

    private void Died(Container container, ExecSession session, int exitCode) =>
        events.ExecDied(container, session.Id, exitCode);
}
