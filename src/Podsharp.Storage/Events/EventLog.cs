using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Events;
using Podsharp.Storage.Databases;

namespace Podsharp.Storage.Events;

/// <summary>
/// Events are numbered under one lock, handed to live readers and queued for the database there. As the database works in the
/// order of its queue, a reader that subscribes and then asks the database for lower numbers sees each event exactly once.
/// </summary>
internal sealed partial class EventLog : IEventLog
{
    private const int Kept = 20_000;
    private const int TrimEvery = 1000;
    private const int ReaderBacklog = 16_384;
    private const int PageSize = 256;
    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly List<Channel<EngineEvent>> _readers = [];
    private long _next;

    private EventLog(Database database, TimeProvider clock, ILogger log, long next) =>
        (_database, _clock, _log, _next) = (database, clock, log, next);

    public static async Task<EventLog> LoadAsync(Database database, TimeProvider clock, ILogger log)
    {
        var last = await database.RunAsync(
            Durability.Process, connection => connection.Query(row => row.GetInt64(0), "SELECT coalesce(max(number), 0) FROM event")[0]);
        return new EventLog(database, clock, log, last + 1);
    }

    public void Publish(EngineEvent engineEvent)
    {
        lock (_gate)
        {
            var number = _next++;
            for (var i = _readers.Count - 1; i >= 0; i--)
            {
                if (_readers[i].Writer.TryWrite(engineEvent)) continue;
                _readers[i].Writer.TryComplete();
                _readers.RemoveAt(i);
            }

            _ = WriteAsync(number, engineEvent);
        }
    }

    public async IAsyncEnumerable<EngineEvent> ReadAsync(
        DateTimeOffset? since, DateTimeOffset? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<EngineEvent>(new BoundedChannelOptions(ReaderBacklog) { SingleReader = true });
        var live = until is null || until > _clock.GetUtcNow();
        long end;
        lock (_gate)
        {
            end = _next;
            if (live) _readers.Add(channel);
        }

        try
        {
            if (since is { } start)
            {
                // By the page: a reader that stops reading must not hold all that ever was.
                for (long from = 0; await PageAsync(start, until ?? DateTimeOffset.MaxValue, from, end) is { Count: > 0 } page; from = page[^1].Number + 1)
                {
                    foreach (var (_, past) in page) yield return past;
                }
            }

            if (!live) yield break;
            await using var timer = until is { } moment
                ? _clock.CreateTimer(_ => channel.Writer.TryComplete(), null, Remaining(moment), Timeout.InfiniteTimeSpan)
                : null;
            await foreach (var engineEvent in channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (since > engineEvent.Time) continue;
                if (engineEvent.Time > until) yield break;
                yield return engineEvent;
            }
        }
        finally
        {
            lock (_gate) _readers.Remove(channel);
        }
    }

    private static EngineEvent Read(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        new DateTimeOffset(row.GetInt64(0), TimeSpan.Zero),
        (EventSubject)row.GetInt32(1),
        row.GetString(2),
        row.GetString(3),
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(4), StoreJson.Default.IReadOnlyDictionaryStringString)!);

    private TimeSpan Remaining(DateTimeOffset until)
    {
        var remaining = until - _clock.GetUtcNow();
        // Timers end at 49 days; the time of each event is looked at anyway.
        var longest = TimeSpan.FromDays(40);
        return remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining > longest ? Timeout.InfiniteTimeSpan : remaining;
    }

    private Task<List<(long Number, EngineEvent Event)>> PageAsync(DateTimeOffset since, DateTimeOffset until, long from, long end) =>
        _database.RunAsync(Durability.Process, database => database.Query(
            static row => (row.GetInt64(5), Read(row)),
            $"SELECT time, subject, action, id, attributes, number FROM event WHERE number >= $1 AND number < $2 AND time >= $3 AND time <= $4 ORDER BY number LIMIT {PageSize}",
            from, end, since.UtcTicks, until.UtcTicks));

    private async Task WriteAsync(long number, EngineEvent engineEvent)
    {
        try
        {
            var attributes = JsonSerializer.SerializeToUtf8Bytes(engineEvent.Attributes, StoreJson.Default.IReadOnlyDictionaryStringString);
            await _database.RunAsync(Durability.Process, database =>
            {
                database.Execute(
                    "INSERT INTO event (number, time, subject, action, id, attributes) VALUES ($1, $2, $3, $4, $5, $6)",
                    number, engineEvent.Time.UtcTicks, (int)engineEvent.Subject, engineEvent.Action, engineEvent.Id, attributes);
                if (number % TrimEvery == 0) database.Execute("DELETE FROM event WHERE number <= $1", number - Kept);
            });
        }
        catch (Exception e)
        {
            Log.NotWritten(_log, engineEvent.Action, engineEvent.Id, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The event {Action} of {Id} could not be kept")]
        public static partial void NotWritten(ILogger logger, string action, string id, Exception error);
    }
}
