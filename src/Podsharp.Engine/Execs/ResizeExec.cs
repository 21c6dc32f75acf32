using Podsharp.Core.Errors;

namespace Podsharp.Engine.Execs;

public sealed class ResizeExec(ExecSessions sessions)
{
    public async Task RunAsync(ResizeExecRequest request, CancellationToken cancellationToken)
    {
        var session = sessions.Find(request.Session);
        if (await sessions.StartedProcessOfAsync(session.Id, cancellationToken) is not { } process)
            throw EngineException.Conflict($"exec session {session.Id} is not running", "container state improper");
        if (session.Request.Terminal) await process.ResizeAsync(request.Size, cancellationToken);
    }
}
