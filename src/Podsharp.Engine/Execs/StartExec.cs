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

/// <summary>Answers null when detached: the process has started.</summary>
public sealed class StartExec(
    ContainerLookup lookup, ExecSessions sessions, ExecProcessBuilder builder, IContainerRuntime runtime, ExecCompletion completion, EngineOptions options)
{
    public async Task<IStreamSession?> RunAsync(StartExecRequest request, CancellationToken cancellationToken)
    {
        var session = sessions.Find(request.Session);
        var container = lookup.Find(session.ContainerId.ToString());
        ExecStates.RequireRunning(container);
        if (!sessions.Claim(session.Id)) throw EngineException.Conflict($"exec command {session.Id} has already run");

        var asked = session.Request;
        completion.Starting(container, session);
        IExecProcess process;
        try
        {
            process = await LaunchAsync(container, session, request, cancellationToken);
        }
        catch (EngineException error) when (!request.Detach)
        {
            // Clients learn of a user that is not there and of a command that cannot run from the stream and the exit code.
            completion.Failed(container, session, ExitCodeOf(error));
            return new FailedExec(error.Message, asked.Terminal);
        }
        catch (Exception error)
        {
            completion.Failed(container, session, ExitCodeOf(error));
            throw;
        }

        var ended = completion.Follow(container, session, process);
        if (request.Detach) return null;
        var pump = new PumpOptions(
            asked.Terminal, asked.AttachStdin, asked.AttachStdout, asked.AttachStderr, CloseInputAtEnd: true,
            asked.Terminal ? DetachKeys.Parse(asked.DetachKeys ?? options.DetachKeys) : []);
        return new ExecStream(process, pump, ended, () => completion.Detached(container, session));
    }

    private Task<IExecProcess> LaunchAsync(Container container, ExecSession session, StartExecRequest request, CancellationToken cancellationToken)
    {
        var launch = new ExecProcessRequest
        {
            Container = container,
            SessionId = session.Id,
            Process = builder.Build(container, session.Request, request.TerminalSize),
            OpenStdin = session.Request.AttachStdin && !request.Detach,
            Detached = request.Detach,
        };
        return runtime.ExecAsync(launch, cancellationToken);
    }

    // As a shell: 127 for what is not there, 126 for what cannot be run for any other reason.
    private static int ExitCodeOf(Exception error) => LaunchFailure.ExitCodeOf(error.Message) is LaunchFailure.NotFound ? LaunchFailure.NotFound : LaunchFailure.NotExecutable;

    private sealed class ExecStream(IExecProcess process, PumpOptions pump, Task ended, Action detached) : IStreamSession
    {
        public bool Raw => pump.Raw;

        public async Task RunAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken)
        {
            if (await new StdioPump(process.Stdio!, pump).RunAsync(input, output, cancellationToken)) detached();
            // The exit code must be there before the client sees the end of the stream.
            else await ended.WaitAsync(cancellationToken);
        }

        /// <summary>A client that leaves does not take the process along: its stdio stays open, and is drained, until it has ended.</summary>
        public async ValueTask DisposeAsync()
        {
            if (process.Stdio is not { } stdio) return;
            if (ended.IsCompleted) await stdio.DisposeAsync();
            else _ = DrainAsync(stdio);
        }

        private async Task DrainAsync(IStdio stdio)
        {
            await using var owned = stdio;
            var buffer = new byte[64 * 1024];
            try
            {
                if (!pump.Raw) await stdio.CloseInputAsync(CancellationToken.None);
                while ((await stdio.ReadAsync(buffer, CancellationToken.None)).Count > 0)
                {
                }

                await ended;
            }
            catch (IOException)
            {
                // The other end has gone in its own way; there is nobody to tell.
            }
        }
    }

    private sealed class FailedExec(string message, bool raw) : IStreamSession
    {
        public bool Raw => raw;

        public async Task RunAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken)
        {
            var text = Encoding.UTF8.GetBytes(message + (raw ? "\r\n" : "\n"));
            if (!raw) await output.WriteAsync(new byte[] { (byte)StdioStream.Output, 0, 0, 0, 0, 0, (byte)(text.Length >> 8), (byte)text.Length }, cancellationToken);
            await output.WriteAsync(text, cancellationToken);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
