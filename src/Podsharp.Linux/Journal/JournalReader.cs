using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Polling;

namespace Podsharp.Linux.Journal;

/// <summary>
/// The entries of the machine's journal, through sd-journal(3). For one thread alone, from its opening to its disposal: the library asks for that.
/// <see cref="DllNotFoundException"/> where the library is not installed, <see cref="SystemCallException"/> for what it reports.
/// </summary>
public sealed unsafe partial class JournalReader : IDisposable
{
    private const int LocalOnly = 1;

    private readonly nint _journal;
    private readonly int _changes;
    private bool _atHead;

    private JournalReader(nint journal)
    {
        _journal = journal;
        // No limit: else long fields are cut.
        Check(Native.sd_journal_set_data_threshold(journal, 0), "sd_journal_set_data_threshold");
        // From now on changes are noted, so that none comes between a reading and a wait.
        _changes = Check(Native.sd_journal_get_fd(journal), "sd_journal_get_fd");
    }

    /// <summary>When the journal got the current entry, in microseconds since 1970.</summary>
    public long Microseconds
    {
        get
        {
            Check(Native.sd_journal_get_realtime_usec(_journal, out var microseconds), "sd_journal_get_realtime_usec");
            return (long)microseconds;
        }
    }

    /// <param name="directory">Of journal files; null: those of this machine that the caller may read.</param>
    public static JournalReader Open(string? directory)
    {
        Check(
            directory is null ? Native.sd_journal_open(out var journal, LocalOnly) : Native.sd_journal_open_directory(out journal, directory, 0),
            "sd_journal_open");
        return new JournalReader(journal);
    }

    /// <summary>Only entries with this field from now on: "NAME=value".</summary>
    public void Match(string field) => Check(Native.sd_journal_add_match(_journal, field, 0), "sd_journal_add_match");

    /// <summary><see cref="Next"/> is the first entry then.</summary>
    public void SeekHead()
    {
        Check(Native.sd_journal_seek_head(_journal), "sd_journal_seek_head");
        _atHead = true;
    }

    /// <summary><see cref="Previous"/> is the last entry then.</summary>
    public void SeekTail() => Check(Native.sd_journal_seek_tail(_journal), "sd_journal_seek_tail");

    /// <summary><see cref="Next"/> is the first entry of that time or later then.</summary>
    public void Seek(long microseconds) => Check(Native.sd_journal_seek_realtime_usec(_journal, (ulong)microseconds), "sd_journal_seek_realtime_usec");

    /// <summary>False when there is none yet.</summary>
    public bool Next()
    {
        // A journal without any entry forgets where it was to begin.
        if (_atHead) Check(Native.sd_journal_seek_head(_journal), "sd_journal_seek_head");
        var moved = Check(Native.sd_journal_next(_journal), "sd_journal_next") > 0;
        if (moved) _atHead = false;
        return moved;
    }

    /// <summary>False before the first one: the place is lost then.</summary>
    public bool Previous()
    {
        _atHead = false;
        return Check(Native.sd_journal_previous(_journal), "sd_journal_previous") > 0;
    }

    /// <summary>The current entry's field, valid until the next call; false when it has no such.</summary>
    public bool TryGet(string field, out ReadOnlySpan<byte> value)
    {
        value = default;
        var result = Native.sd_journal_get_data(_journal, field, out var data, out var length);
        if (result == -ErrorNumber.NoEntry) return false;
        Check(result, "sd_journal_get_data");
        value = new ReadOnlySpan<byte>(data, checked((int)length))[(field.Length + 1)..];
        return true;
    }

    /// <summary>Blocks until the journal has changed or <paramref name="stop"/> can be read; then takes new files into account.</summary>
    public void Wait(SafeFileHandle stop)
    {
        var timeout = Check(Native.sd_journal_get_timeout(_journal, out var microseconds), "sd_journal_get_timeout") < 0 || microseconds == ulong.MaxValue
            ? -1
            : 1000;
        Poll.In(_changes, (int)stop.DangerousGetHandle(), timeout);
        Refresh();
    }

    /// <summary>Takes new files into account.</summary>
    public void Refresh() => Check(Native.sd_journal_process(_journal), "sd_journal_process");

    public void Dispose() => Native.sd_journal_close(_journal);

    private static int Check(int result, string call) => result >= 0 ? result : throw new SystemCallException(call, -result);

    private static partial class Native
    {
        private const string Library = "libsystemd.so.0";

        [LibraryImport(Library)]
        public static partial int sd_journal_open(out nint journal, int flags);

        [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int sd_journal_open_directory(out nint journal, string path, int flags);

        [LibraryImport(Library)]
        public static partial void sd_journal_close(nint journal);

        [LibraryImport(Library)]
        public static partial int sd_journal_set_data_threshold(nint journal, nuint size);

        [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int sd_journal_add_match(nint journal, string data, nuint size);

        [LibraryImport(Library)]
        public static partial int sd_journal_seek_head(nint journal);

        [LibraryImport(Library)]
        public static partial int sd_journal_seek_tail(nint journal);

        [LibraryImport(Library)]
        public static partial int sd_journal_seek_realtime_usec(nint journal, ulong microseconds);

        [LibraryImport(Library)]
        public static partial int sd_journal_next(nint journal);

        [LibraryImport(Library)]
        public static partial int sd_journal_previous(nint journal);

        [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int sd_journal_get_data(nint journal, string field, out byte* data, out nuint length);

        [LibraryImport(Library)]
        public static partial int sd_journal_get_realtime_usec(nint journal, out ulong microseconds);

        [LibraryImport(Library)]
        public static partial int sd_journal_get_fd(nint journal);

        [LibraryImport(Library)]
        public static partial int sd_journal_get_timeout(nint journal, out ulong microseconds);

        [LibraryImport(Library)]
        public static partial int sd_journal_process(nint journal);
    }
}
