using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Execs;

namespace Podsharp.Engine.Health;

/// <summary>Runs one probe in a container.</summary>
public sealed class HealthProbe(IContainerRuntime runtime, ExecProcessBuilder builder, TimeProvider clock)
{
    private const int MaximumOutput = 4096;
    private const int TimedOut = -1;
    private static readonly TerminalSize NoTerminal = new(0, 0);

    public async Task<ProbeResult> RunAsync(Container container, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = clock.GetUtcNow();
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var (code, output) = await ExecAsync(container, command, either.Token);
            return new ProbeResult(start, clock.GetUtcNow(), code, output);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(start, clock.GetUtcNow(), TimedOut, $"Health check exceeded timeout ({timeout.TotalSeconds:0.###}s)");
        }
        catch (EngineException error)
        {
            return new ProbeResult(start, clock.GetUtcNow(), Containers.Launch.LaunchFailure.ExitCodeOf(error.Message), error.Message);
        }
    }

    private async Task<(int Code, string Output)> ExecAsync(Container container, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var request = new CreateExecRequest(
            container.Id.ToString(), command, [], "", "", Privileged: false, Terminal: false, AttachStdin: false, AttachStdout: true,
            AttachStderr: true, DetachKeys: null, NoTerminal);
        await using var process = await runtime.ExecAsync(
            new ExecProcessRequest
            {
                Container = container,
                SessionId = ContainerId.New(),
                Process = builder.Build(container, request, NoTerminal),
            },
            cancellationToken);
        try
        {
            var output = await ReadAsync(process.Stdio!, cancellationToken);
            return (await process.Exited.WaitAsync(cancellationToken), output);
        }
        catch (OperationCanceledException)
        {
            await runtime.SignalAsync(container with { State = container.State with { Pid = process.Pid, PidStartTime = 0 } }, 9, CancellationToken.None);
            throw;
        }
    }

    private static async Task<string> ReadAsync(IStdio stdio, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024];
        using var kept = new MemoryStream();
        while (true)
        {
            var read = await stdio.ReadAsync(buffer, cancellationToken);
            if (read.Count == 0) return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
            kept.Write(buffer, 0, (int)Math.Min(read.Count, MaximumOutput - kept.Length));
        }
    }
}
