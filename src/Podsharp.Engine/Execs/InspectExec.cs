namespace Podsharp.Engine.Execs;

public sealed class InspectExec(ExecSessions sessions)
{
    public Task<ExecSession> RunAsync(string session, CancellationToken cancellationToken) => Task.FromResult(sessions.Find(session));
}
