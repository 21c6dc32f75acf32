using Podsharp.Core.Containers;
using Podsharp.Core.Oci;
using Podsharp.Core.Runtime;

namespace Podsharp.Testing;

/// <summary>Writes down what is done to containers that are there; it cannot make any.</summary>
public sealed class FakeContainerRuntime : IContainerRuntime
{
    public List<string> Calls { get; } = [];

    /// <summary>What the call of this name fails with.</summary>
    public Dictionary<string, Exception> Failures { get; } = [];

    public void Anticipate()
    {
    }

    public Task<CreatedProcess> CreateAsync(CreateProcessRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StartAsync(ContainerId id, CancellationToken cancellationToken) => Call("start");

    public async Task<bool> SignalAsync(Container container, int signal, CancellationToken cancellationToken)
    {
        await Call($"signal {signal}");
        return true;
    }

    public Task PauseAsync(ContainerId id, CancellationToken cancellationToken) => Call("pause");

    public Task ResumeAsync(ContainerId id, CancellationToken cancellationToken) => Call("resume");

    public Task DeleteAsync(ContainerId id, CancellationToken cancellationToken) => Call("delete");

    public Task UpdateAsync(ContainerId id, LinuxResources resources, CancellationToken cancellationToken) => Call("update");

    public Task<IStdio> AttachAsync(Container container, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ResizeAsync(Container container, TerminalSize size, CancellationToken cancellationToken) => Call("resize");

    public Task ReopenLogAsync(Container container, CancellationToken cancellationToken) => Call("reopen log");

    /// <summary>Further processes, in the order in which they are asked for.</summary>
    public Queue<IExecProcess> Execs { get; } = [];

    public Task<IExecProcess> ExecAsync(ExecProcessRequest request, CancellationToken cancellationToken)
    {
        Calls.Add("exec " + string.Join(' ', request.Process.Args));
        return Execs.TryDequeue(out var process) ? Task.FromResult(process) : throw new NotSupportedException("no process is ready");
    }

    public Task<IReadOnlyList<int>> ProcessesAsync(Container container, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<int>>([]);

    public bool IsAlive(int pid, long startTime) => false;

    private Task Call(string name)
    {
        Calls.Add(name);
        return Failures.TryGetValue(name, out var failure) ? Task.FromException(failure) : Task.CompletedTask;
    }
}
