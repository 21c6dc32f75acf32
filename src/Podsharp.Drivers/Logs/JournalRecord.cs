using System.Globalization;
using System.Text;
using Podsharp.Linux.Journal;

namespace Podsharp.Drivers.Logs;

/// <summary>An entry of the journal as a record of a log file (<see cref="LogRecord"/>), in a buffer that is used again.</summary>
internal sealed class JournalRecord
{
    private byte[] _buffer = new byte[4096];

    /// <summary>Whether the entry has the rest of its line in the next one of its stream.</summary>
    public static bool IsPartial(JournalReader entry) => entry.TryGet("CONTAINER_PARTIAL_MESSAGE", out _);

    /// <summary>Without a newline; valid until the next call. Empty for an entry without a message.</summary>
    public ReadOnlySpan<byte> Of(JournalReader entry)
    {
        // conmon's own priorities: 3 (error) for one stream, 6 (information) for the other.
        var stream = entry.TryGet("PRIORITY", out var priority) && priority is [(byte)'3'] ? "stderr" : "stdout";
        var time = DateTime.UnixEpoch.AddTicks(entry.Microseconds * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        var head = $"{time}000+00:00 {stream} {(IsPartial(entry) ? 'P' : 'F')} ";
        if (!entry.TryGet("MESSAGE", out var message)) return default;
        // conmon leaves a line its newline.
        if (message is [.., (byte)'\n']) message = message[..^1];
        if (_buffer.Length < head.Length + message.Length) _buffer = new byte[Math.Max(_buffer.Length * 2, head.Length + message.Length)];
        var length = Encoding.ASCII.GetBytes(head, _buffer);
        message.CopyTo(_buffer.AsSpan(length));
        return _buffer.AsSpan(0, length + message.Length);
    }
}
