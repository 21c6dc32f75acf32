using Podsharp.Core.Runtime;
using Podsharp.Linux.Polling;

namespace Podsharp.Drivers.Execs;

/// <summary>
/// stdio over pipes of our own. When the process has ended, what lies in the pipes is read and then it is the end, even if a
/// process that it left behind still holds them.
/// </summary>
internal sealed class PipeStdio : IStdio
{
    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _writable = new();
    private readonly PolledDescriptor _output;
    private readonly PolledDescriptor? _error;
    private readonly PolledDescriptor? _input;
    private readonly bool _inputIsOutput;
    private bool _outputEnded;
    private bool _errorEnded;
    private volatile bool _processEnded;

    private PipeStdio(StdioEnds ends, Task exited)
    {
        _inputIsOutput = ends.Terminal;
        _output = new PolledDescriptor(ends.Output, _readable, ends.Terminal ? _writable : null);
        _error = ends.Error is null ? null : new PolledDescriptor(ends.Error, _readable, null);
        _errorEnded = _error is null;
        _input = ends.Terminal ? _output : ends.Input is null ? null : new PolledDescriptor(ends.Input, null, _writable);
        exited.GetAwaiter().UnsafeOnCompleted(() =>
        {
            _processEnded = true;
            _readable.Set();
        });
    }

    public int OutputNumber => _output.Number;

    public static PipeStdio Over(StdioEnds ends, Task exited) => new(ends, exited);

    public async ValueTask<StdioRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Looked at before the pipes are: whatever the process wrote is in them by then.
            var last = _processEnded;
            if (TryRead(_output, ref _outputEnded, buffer.Span) is { } output) return new StdioRead(StdioStream.Output, output);
            if (_error is not null && TryRead(_error, ref _errorEnded, buffer.Span) is { } error) return new StdioRead(StdioStream.Error, error);
            if (last || (_outputEnded && _errorEnded)) return new StdioRead(StdioStream.Output, 0);
            await _readable.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty && _input is not null)
        {
            try
            {
                switch (_input.TryWrite(data.Span))
                {
                    case null:
                        await _writable.WaitAsync(cancellationToken);
                        break;
                    case < 0:
                        return;
                    case { } count:
                        data = data[count..];
                        break;
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken)
    {
        if (!_inputIsOutput) _input?.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _output.Dispose();
        _error?.Dispose();
        _input?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int? TryRead(PolledDescriptor descriptor, ref bool ended, Span<byte> buffer)
    {
        if (ended) return null;
        var count = descriptor.TryRead(buffer);
        if (count != 0) return count;
        ended = true;
        return null;
    }
}
