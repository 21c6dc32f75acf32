using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Podsharp.Core.Logs;
using Podsharp.Core.Runtime;

namespace Podsharp.Drivers.Logs;

/// <summary>Turns records into what the query asks for; no allocation a line.</summary>
internal sealed class LogWriter(LogQuery query, PipeWriter output)
{
    private const int HeaderSize = 8;
    private const int FlushThreshold = 64 * 1024;

    private readonly byte[] _details = Encoding.UTF8.GetBytes(query.Details);
    private readonly long? _until = query.Until?.UtcTicks;
    private long? _since = query.Since?.UtcTicks;
    private bool _outputInLine;
    private bool _errorInLine;
    private int _unflushed;

    /// <summary>A record after Until has been seen: nothing more will come.</summary>
    public bool Finished { get; private set; }

    public bool WantsFlush => _unflushed >= FlushThreshold;

    /// <param name="line">A record without its newline. What is no record is left out.</param>
    public void Write(ReadOnlySpan<byte> line)
    {
        if (Finished || !LogRecord.TryParse(line, out var record) || !InTime(record)) return;
        ref var inLine = ref record.Stream == StdioStream.Output ? ref _outputInLine : ref _errorInLine;
        var continues = inLine;
        inLine = record.Partial;
        if (record.Stream == StdioStream.Output ? query.Stdout : query.Stderr) Emit(record, continues);
    }

    /// <summary>False when the reader is gone.</summary>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        if (_unflushed == 0) return true;
        _unflushed = 0;
        var result = await output.FlushAsync(cancellationToken);
        return !result.IsCompleted && !result.IsCanceled;
    }

    private void Emit(in LogRecord record, bool continues)
    {
        var span = output.GetSpan(HeaderSize + LogTime.Length + record.Time.Length + _details.Length + record.Text.Length + 2);
        var start = query.Multiplexed ? HeaderSize : 0;
        var at = start;
        if (query.Timestamps && !continues)
        {
            at += LogTime.Write(record.Time, span[at..]);
            span[at++] = (byte)' ';
        }

        if (!continues)
        {
            _details.CopyTo(span[at..]);
            at += _details.Length;
        }

        record.Text.CopyTo(span[at..]);
        at += record.Text.Length;
        if (!record.Partial) span[at++] = (byte)'\n';
        if (query.Multiplexed)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(span, (byte)record.Stream);
            BinaryPrimitives.WriteUInt32BigEndian(span[4..], (uint)(at - start));
        }

        output.Advance(at);
        _unflushed += at;
    }

    private bool InTime(in LogRecord record)
    {
        if (_since is null && _until is null) return true;
        var time = LogTime.Parse(record.Time);
        if (time < _since) return false;
        // Records are in order: what follows need not be compared.
        _since = null;
        Finished = time > _until;
        return !Finished;
    }
}
