using Microsoft.Win32.SafeHandles;

namespace Podsharp.Drivers.Logs;

/// <summary>Finds where the last lines of a log begin, reading backwards.</summary>
internal static class LogTail
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Enough for the time, the stream and the tag.</summary>
    private const int RecordHead = 64;

    /// <returns>Where they begin, and how many there are: fewer when the file holds no more.</returns>
    public static (long Position, int Found) Start(SafeFileHandle file, int lines)
    {
        var end = RandomAccess.GetLength(file);
        if (lines <= 0) return (end, 0);
        if (end == 0) return (0, 0);

        var block = new byte[BlockSize];
        var found = 0;
        var recordEnd = end;
        var position = end;
        while (position > 0)
        {
            var start = Math.Max(0, position - BlockSize);
            var content = block.AsSpan(0, RandomAccess.Read(file, block.AsSpan(0, (int)(position - start)), start));
            for (int newline; (newline = content.LastIndexOf((byte)'\n')) >= 0; content = content[..newline])
            {
                var recordStart = start + newline + 1;
                if (recordStart == recordEnd) continue;
                if (EndsLine(file, recordStart, recordEnd, end) && ++found > lines) return (recordEnd, lines);
                recordEnd = recordStart;
            }

            position = start;
        }

        return recordEnd > 0 && EndsLine(file, 0, recordEnd, end) && ++found > lines ? (recordEnd, lines) : (0, found);
    }

    // The last record ends a line in any case: what follows it is not written yet.
    private static bool EndsLine(SafeFileHandle file, long start, long recordEnd, long end)
    {
        if (recordEnd == end) return true;
        Span<byte> head = stackalloc byte[RecordHead];
        var length = RandomAccess.Read(file, head[..(int)Math.Min(RecordHead, recordEnd - start)], start);
        return !LogRecord.TryParse(head[..length].TrimEnd((byte)'\n'), out var record) || !record.Partial;
    }
}
