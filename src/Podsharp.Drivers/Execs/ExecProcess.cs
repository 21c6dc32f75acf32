using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Linux.Processes;
using Podsharp.Linux.Terminals;

namespace Podsharp.Drivers.Execs;

/// <param name="runtimeTerminal">The runtime copies between our terminal and its own, and must be told of a new size.</param>
internal sealed class ExecProcess(int pid, PipeStdio? stdio, bool terminal, bool runtimeTerminal, ChildProcess runtime, Task<int> exited) : IExecProcess
{
    private const int WindowChanged = 28;

    public int Pid => pid;

    public IStdio? Stdio => stdio;

    public Task<int> Exited => exited;

    public Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken)
    {
        if (!terminal || stdio is null || exited.IsCompleted) return Task.CompletedTask;
        PseudoTerminal.Resize(stdio.OutputNumber, size.Height, size.Width);
        if (runtimeTerminal) runtime.Signal(WindowChanged);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => stdio?.DisposeAsync() ?? ValueTask.CompletedTask;
}
