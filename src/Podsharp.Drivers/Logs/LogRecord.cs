using Podsharp.Core.Runtime;

namespace Podsharp.Drivers.Logs;

/// <summary>One record of a k8s-file log: <c>TIME STREAM TAG TEXT</c> (reference/protocols.md §2).</summary>
internal readonly ref struct LogRecord
{
    private LogRecord(ReadOnlySpan<byte> time, StdioStream stream, bool partial, ReadOnlySpan<byte> text)
    {
        Time = time;
        Stream = stream;
        Partial = partial;
        Text = text;
    }

    public ReadOnlySpan<byte> Time { get; }

    public StdioStream Stream { get; }

    /// <summary>The text had no newline.</summary>
    public bool Partial { get; }

    public ReadOnlySpan<byte> Text { get; }

    /// <param name="line">Without its newline.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogRecord record)
    {
        record = default;
        var space = line.IndexOf((byte)' ');
        // "stdout" and "stderr" are of one length: the rest of the record stands at fixed places.
        if (space < 0 || line.Length < space + 10 || line[space + 7] != ' ' || line[space + 9] != ' ') return false;
        var stream = line[space + 4] switch
        {
            (byte)'o' => StdioStream.Output,
            (byte)'e' => StdioStream.Error,
            _ => StdioStream.Input,
        };
        if (stream == StdioStream.Input) return false;
        record = new LogRecord(line[..space], stream, line[space + 8] == 'P', line[(space + 10)..]);
        return true;
    }
}
