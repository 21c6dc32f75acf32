using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Podsharp.Core.Runtime;

namespace Podsharp.Engine.Streams;

/// <summary>Copies between a client's pipes and a process's stdio.</summary>
internal sealed class StdioPump(IStdio stdio, PumpOptions options)
{
    private const int HeaderLength = 8;
    private const int BufferLength = 64 * 1024;
    private readonly DetachScanner _detach = new(options.DetachKeys);

    /// <summary>Runs until the process's output ends; true when the client detached instead.</summary>
    public async Task<bool> RunAsync(PipeReader input, PipeWriter output, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = CopyInputAsync(input, stop.Token);
        var reading = CopyOutputAsync(output, stop.Token);
        try
        {
            var first = await Task.WhenAny(reading, writing);
            if (first == writing && await writing) return true;
            if (first == writing && options.EndsWithInput) return false;
            await reading;
            return false;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(Settled(writing), Settled(reading));
        }
    }

    private async Task CopyOutputAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        // Read straight into the client's pipe, behind room for the header.
        var header = options.Raw ? 0 : HeaderLength;
        while (true)
        {
            var memory = output.GetMemory(BufferLength);
            var read = await stdio.ReadAsync(memory[header..], cancellationToken);
            if (read.Count == 0) return;
            if (read.Stream == StdioStream.Error ? !options.Stderr : !options.Stdout) continue;
            if (!options.Raw) WriteHeader(memory.Span, read);
            output.Advance(header + read.Count);
            var flush = await output.FlushAsync(cancellationToken);
            if (flush.IsCompleted || flush.IsCanceled) return;
        }
    }

    private static void WriteHeader(Span<byte> target, StdioRead read)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, (int)read.Stream << 24);
        BinaryPrimitives.WriteInt32BigEndian(target[4..], read.Count);
    }

    /// <summary>True when the detach keys were typed.</summary>
    private async Task<bool> CopyInputAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            try
            {
                if (await ForwardAsync(result.Buffer, cancellationToken)) return true;
            }
            finally
            {
                // Whoever reads the connection after us (it is drained, then closed) is refused while a read is open.
                input.AdvanceTo(result.Buffer.End);
            }

            if (!result.IsCompleted) continue;
            if (options.Stdin && options.CloseInputAtEnd) await stdio.CloseInputAsync(cancellationToken);
            return false;
        }
    }

    private async ValueTask<bool> ForwardAsync(ReadOnlySequence<byte> data, CancellationToken cancellationToken)
    {
        if (!options.Stdin || data.IsEmpty) return false;
        if (!_detach.IsIdle)
        {
            if (data.Length == 1)
            {
                if (_detach.Take(data.FirstSpan[0], out var replay, out var held)) return true;
                if (replay.Length > 0) await stdio.WriteAsync(replay, cancellationToken);
                if (held) return false;
            }
            else if (_detach.Release() is { Length: > 0 } before)
            {
                await stdio.WriteAsync(before, cancellationToken);
            }
        }

        foreach (var segment in data) await stdio.WriteAsync(segment, cancellationToken);
        return false;
    }

    private static async Task Settled(Task task) => await task.ContinueWith(
        static finished => _ = finished.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

/// <param name="CloseInputAtEnd">End of the client's input is end of the process's.</param>
internal sealed record PumpOptions(bool Raw, bool Stdin, bool Stdout, bool Stderr, bool CloseInputAtEnd, byte[] DetachKeys)
{
    /// <summary>Whose input has ended has gone.</summary>
    public bool EndsWithInput { get; init; }
}
