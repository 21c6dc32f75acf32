using System.IO.Pipelines;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;
using Podsharp.Engine.Streams;

namespace Podsharp.Engine.Execs;

/// <summary>
/// Answers null when detached: the process has started. Else it starts when the stream runs, after the edge has switched protocols: docker-py loses output
/// that reaches it together with the head of the reply.
/// </summary>
public sealed class StartExec(
    ContainerLookup lookup, ExecSessions sessions, ExecProcessBuilder builder, IContainerRuntime runtime, ExecCompletion completion, EngineOptions options)
{
    public async Task<IStreamSession?> RunAsync(StartExecRequest request, CancellationToken cancellationToken)
    {
        var session = sessions.Find(request.Session);
        var container = lookup.Find(session.ContainerId.ToString());
        ExecStates.RequireRunning(container, container.Id.ToString());
        var asked = session.Request;
        var keys = asked.Terminal && !request.Detach ? DetachKeys.Parse(asked.DetachKeys ?? options.DetachKeys) : [];
        if (!sessions.Claim(session.Id))
            throw EngineException.Conflict($"Error: Exec command {session.Id} {(sessions.Find(request.Session).Running ? "is already running" : "has already run")}");

        var start = new ExecStart(container, session, runtime, completion, () => new ExecProcessRequest
        {
            Container = container,
            SessionId = session.Id,
            Process = builder.Build(container, asked, request.TerminalSize),
            OpenStdin = asked.AttachStdin && !request.Detach,
            Detached = request.Detach,
        });
        if (!request.Detach)
            return new ExecStream(start, asked.Terminal, new PumpOptions(request.Raw, asked.AttachStdin, asked.AttachStdout, asked.AttachStderr, CloseInputAtEnd: true, keys));
        await start.RunAsync(cancellationToken);
        return null;
    }

    private sealed class ExecStart(
        Container container, ExecSession session, IContainerRuntime runtime, ExecCompletion completion, Func<ExecProcessRequest> launch)
    {
        public async Task<(IExecProcess Process, Task Ended)> RunAsync(CancellationToken cancellationToken)
        {
            completion.Starting(container, session);
            try
            {
                var process = await runtime.ExecAsync(launch(), cancellationToken);
                return (process, completion.Follow(container, session, process));
            }
            catch (Exception error)
            {
                completion.Failed(container, session, ExitCodeOf(error));
                throw;
            }
        }

        // As a shell: 127 for what is not there, 126 for what cannot be run for any other reason.
        private static int ExitCodeOf(Exception error) =>
            LaunchFailure.ExitCodeOf(error.Message) is LaunchFailure.NotFound ? LaunchFailure.NotFound : LaunchFailure.NotExecutable;

        public void Detached() => completion.Detached(container, session);
    }

    private sealed class ExecStream(ExecStart start, bool terminal, PumpOptions pump) : IStreamSession
    {
        private IStdio? _stdio;
        private Task _ended = Task.CompletedTask;

        public bool Raw => pump.Raw;

        public async Task RunAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken)
        {
            try
            {
                (var process, _ended) = await start.RunAsync(cancellationToken);
                _stdio = process.Stdio!;
            }
            catch (EngineException error)
            {
                // Clients learn of a user that is not there and of a command that cannot run from the stream and the exit code.
                await TellAsync(error.Message, output, cancellationToken);
                return;
            }

            if (await new StdioPump(_stdio, pump).RunAsync(input, output, cancellationToken)) start.Detached();
            // The exit code must be there before the client sees the end of the stream.
            else await _ended.WaitAsync(cancellationToken);
        }

        /// <summary>A client that leaves does not take the process along: its stdio stays open, and is drained, until it has ended.</summary>
        public async ValueTask DisposeAsync()
        {
            if (_stdio is null) return;
            if (_ended.IsCompleted) await _stdio.DisposeAsync();
            else _ = DrainAsync(_stdio);
        }

        private async Task DrainAsync(IStdio stdio)
        {
            await using var owned = stdio;
            var buffer = new byte[64 * 1024];
            try
            {
                if (!terminal) await stdio.CloseInputAsync(CancellationToken.None);
                while ((await stdio.ReadAsync(buffer, CancellationToken.None)).Count > 0)
                {
                }

                await _ended;
            }
            catch (IOException)
            {
                // The other end has gone in its own way; there is nobody to tell.
            }
        }

        private async Task TellAsync(string message, PipeWriter output, CancellationToken cancellationToken)
        {
            var text = Encoding.UTF8.GetBytes(message + (Raw ? "\r\n" : "\n"));
            if (!Raw) await output.WriteAsync(new byte[] { (byte)StdioStream.Output, 0, 0, 0, 0, 0, (byte)(text.Length >> 8), (byte)text.Length }, cancellationToken);
            await output.WriteAsync(text, cancellationToken);
        }
    }
}
