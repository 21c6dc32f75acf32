using Podsharp.Core.Logs;
using Podsharp.Linux.Journal;

namespace Podsharp.Drivers.Logs;

/// <summary>Finds where in the journal a query's lines begin.</summary>
internal static class JournalTail
{
    /// <summary>The next entry is the first one of the last lines, or of all from the time on that is asked for.</summary>
    public static void Seek(JournalReader journal, LogQuery query)
    {
        if (query.Tail is { } lines) SeekLines(journal, lines);
        else if (query.Since is { } since && since > DateTimeOffset.UnixEpoch) journal.Seek((since - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        else journal.SeekHead();
    }

    private static void SeekLines(JournalReader journal, int lines)
    {
        journal.SeekTail();
        var found = 0;
        // The last entry ends a line in any case: what follows it is not written yet.
        for (var last = true; journal.Previous(); last = false)
        {
            if ((last || !JournalRecord.IsPartial(journal)) && ++found > lines) return;
        }

        journal.SeekHead();
    }
}
