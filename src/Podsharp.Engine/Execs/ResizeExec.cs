using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Execs;

public sealed class ResizeExec(ExecSessions sessions, ContainerLookup lookup)
{
    public async Task RunAsync(ResizeExecRequest request, CancellationToken cancellationToken)
    {
        var session = sessions.Find(request.Session);
        if (await sessions.StartedProcessOfAsync(session.Id, cancellationToken) is not { } process)
            throw Refused(session);
        if (session.Request.Terminal) await process.ResizeAsync(request.Size, cancellationToken);
    }

    // A process that has ended is one that is not there; what may yet start is in the wrong state.
    private EngineException Refused(ExecSession session) => session.Started && lookup.Find(session.ContainerId.ToString()).State.IsUp
        ? new EngineException(ErrorKind.NotFound, $"the process of exec session {session.Id} has ended")
        : EngineException.Conflict($"exec session {session.Id} is not running", "container state improper");
}
