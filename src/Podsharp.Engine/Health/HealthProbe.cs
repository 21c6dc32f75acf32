using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Core.Text;
using Podsharp.Engine.Events;
using Podsharp.Engine.Execs;

namespace Podsharp.Engine.Health;

/// <summary>Runs one probe in a container.</summary>
public sealed class HealthProbe(IContainerRuntime runtime, ExecProcessBuilder builder, EventPublisher events, TimeProvider clock)
{
    private const int TimedOut = -1;
    private const int Killed = 137;
    private static readonly TerminalSize NoTerminal = new(0, 0);

    /// <summary>A probe that runs out of time is killed, and is an outcome like any other.</summary>
    public async Task<ProbeResult> RunAsync(Container container, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = clock.GetUtcNow();
        var output = new ProbeOutput();
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var code = await ExecAsync(container, command, output, either.Token);
            return new ProbeResult(start, clock.GetUtcNow(), code, output.ToString());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var said = output.ToString();
            var told = $"Health check exceeded timeout ({DurationText.Format(timeout)})";
            return new ProbeResult(start, clock.GetUtcNow(), TimedOut, said.Length > 0 ? $"{told}: {said}" : told);
        }
        catch (EngineException error)
        {
            return new ProbeResult(start, clock.GetUtcNow(), Containers.Launch.LaunchFailure.ExitCodeOf(error.Message), error.Message);
        }
    }

    private async Task<int> ExecAsync(Container container, IReadOnlyList<string> command, ProbeOutput output, CancellationToken cancellationToken)
    {
        var session = ContainerId.New();
        events.Exec(container, "exec_create", command, session);
        events.Exec(container, "exec_start", command, session);
        await using var process = await runtime.ExecAsync(
            new ExecProcessRequest { Container = container, SessionId = session, Process = builder.Build(container, Request(container, command), NoTerminal) },
            cancellationToken);
        var code = Killed;
        try
        {
            await output.ReadAsync(process.Stdio!, cancellationToken);
            code = await process.Exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await runtime.SignalAsync(container with { State = container.State with { Pid = process.Pid, PidStartTime = 0 } }, 9, CancellationToken.None);
            throw;
        }
        finally
        {
            events.ExecDied(container, session, code);
        }

        return code;
    }

    private static CreateExecRequest Request(Container container, IReadOnlyList<string> command) => new(
        container.Id.ToString(), command, [], "", "", Privileged: false, Terminal: false, AttachStdin: false, AttachStdout: true,
        AttachStderr: true, DetachKeys: null, NoTerminal);
}
