using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;

namespace Podsharp.Testing;

/// <summary>A process that has written something and ends, or never ends by itself (<paramref name="exitCode"/> null).</summary>
public sealed class FakeExecProcess(string output, int? exitCode) : IExecProcess, IStdio
{
    private readonly byte[] _output = global::System.Text.Encoding.UTF8.GetBytes(output);
    private int _read;

    public int Pid => 4242;

    public IStdio Stdio => this;

    public Task<int> Exited { get; } = exitCode is { } code ? Task.FromResult(code) : new TaskCompletionSource<int>().Task;

    public async ValueTask<StdioRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = Math.Min(buffer.Length, _output.Length - _read);
        _output.AsMemory(_read, count).CopyTo(buffer);
        _read += count;
        if (count == 0) await Exited.WaitAsync(cancellationToken);
        return new StdioRead(StdioStream.Output, count);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CloseInputAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
