using System.IO.Pipelines;
using Podsharp.Core.Containers;
using Podsharp.Core.Logs;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Events;
using Podsharp.Engine.Streams;

namespace Podsharp.Engine.Containers.Attach;

/// <summary>One client at a container's stdio.</summary>
internal sealed class AttachSession(
    Container container, AttachContainerRequest request, PumpOptions pump, Task<IStdio>? connection, IContainerLogs logs, EventPublisher events)
    : IStreamSession
{
    public bool Raw => pump.Raw;

    public async Task RunAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken)
    {
        if (request.Logs)
        {
            var query = new LogQuery(request.Stdout, request.Stderr, false, false, null, null, null, !pump.Raw);
            await logs.CopyAsync(container, query, output, Task.CompletedTask, cancellationToken);
        }

        if (connection is null) return;
        await using var stdio = await connection.WaitAsync(cancellationToken);
        if (await new StdioPump(stdio, pump).RunAsync(input, output, cancellationToken)) events.Container(container, "detach");
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not { IsCompletedSuccessfully: true }) return;
        await (await connection).DisposeAsync();
    }
}
