using System.Threading.Channels;
using Podsharp.Core.Runtime;

namespace Podsharp.Testing;

/// <summary>A process's stdio whose output the test writes and whose input it reads.</summary>
public sealed class FakeStdio : IStdio
{
    private readonly Channel<(StdioStream Stream, byte[] Data)> _output = Channel.CreateUnbounded<(StdioStream, byte[])>();
    private readonly MemoryStream _input = new();

    public byte[] Input => _input.ToArray();

    public bool InputClosed { get; private set; }

    public bool Disposed { get; private set; }

    /// <summary>Completes when input has been closed.</summary>
    public TaskCompletionSource InputClosing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Print(StdioStream stream, params byte[] data) => _output.Writer.TryWrite((stream, data));

    public void End() => _output.Writer.TryComplete();

    public async ValueTask<StdioRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await _output.Reader.WaitToReadAsync(cancellationToken) || !_output.Reader.TryRead(out var piece)) return default;
        piece.Data.CopyTo(buffer);
        return new StdioRead(piece.Stream, piece.Data.Length);
    }

    /// <summary>The process does not read: writes wait until they are cancelled.</summary>
    public bool InputBlocked { get; set; }

    /// <summary>Completes when a write has begun to wait.</summary>
    public TaskCompletionSource WriteWaiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (InputBlocked)
        {
            WriteWaiting.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        _input.Write(data.Span);
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken)
    {
        InputClosed = true;
        InputClosing.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
