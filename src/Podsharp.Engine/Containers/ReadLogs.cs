using System.IO.Pipelines;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Logs;
using Podsharp.Engine.Streams;

namespace Podsharp.Engine.Containers;

/// <summary>The session takes no input.</summary>
public sealed class ReadLogs(ContainerLookup lookup, ContainerWaiters waiters, IContainerLogs logs)
{
    public Task<IStreamSession> RunAsync(ReadLogsRequest request, CancellationToken cancellationToken)
    {
        if (!request.Stdout && !request.Stderr)
            throw EngineException.InvalidInput("Bad parameters: you must choose at least one stream");
        var container = lookup.Find(request.Container);
        logs.CheckReadable(container);
        var ended = waiters.NextExit(container.Id);
        if (!lookup.Refresh(container).State.IsRunning) ended = Task.FromResult(0);
        var query = new LogQuery(
            request.Stdout, request.Stderr, request.Follow, request.Timestamps, request.Since, request.Until, request.Tail,
            Multiplexed: !container.Spec.Process.Terminal,
            Details: request.Details ? LogDetails.Of(container) : "");
        return Task.FromResult<IStreamSession>(new LogSession(container, query, logs, ended));
    }

    private sealed class LogSession(Container container, LogQuery query, IContainerLogs logs, Task ended) : IStreamSession
    {
        public bool Raw => !query.Multiplexed;

        public Task RunAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken) =>
            logs.CopyAsync(container, query, output, ended, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
