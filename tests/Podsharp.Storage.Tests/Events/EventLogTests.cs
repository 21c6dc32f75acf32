using Podsharp.Core.Events;

namespace Podsharp.Storage.Tests.Events;

[Category("Root")]
public sealed class EventLogTests : StoreFixture
{
    private static readonly DateTimeOffset Beginning = DateTimeOffset.UnixEpoch;

    [Test]
    public async Task Tells_past_events_in_order_after_a_restart()
    {
        for (var i = 0; i < 50; i++) Stores.Events.Publish(Event(i));
        await ReopenAsync();

        var read = await ReadAsync(Beginning, DateTimeOffset.UtcNow.AddSeconds(-1), Beginning);

        Assert.That(read, Is.Empty, "until is before all of them");
        read = await ReadAsync(Beginning, Beginning.AddSeconds(10), null);
        Assert.That(read.Select(one => one.Id), Is.EqualTo(Enumerable.Range(0, 11).Select(i => $"{i}")));
    }

    [Test]
    public async Task Loses_and_doubles_nothing_where_past_meets_present()
    {
        const int total = 3000;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var publisher = Task.Run(() =>
        {
            for (var i = 0; i < total; i++) Stores.Events.Publish(Event(i));
        });
        var ids = new List<string>();
        await foreach (var one in Stores.Events.ReadAsync(Beginning, null, stop.Token))
        {
            ids.Add(one.Id);
            if (ids.Count == total) break;
        }

        await publisher;
        Assert.That(ids, Is.EqualTo(Enumerable.Range(0, total).Select(i => $"{i}")));
    }

    [Test]
    public async Task Ends_a_live_reader_at_its_time()
    {
        var read = await ReadAsync(null, DateTimeOffset.UtcNow.AddMilliseconds(50), null);

        Assert.That(read, Is.Empty);
    }

    private static EngineEvent Event(int number) =>
        new(Beginning.AddSeconds(number), EventSubject.Container, "start", $"{number}", new Dictionary<string, string> { ["name"] = "n" });

    private async Task<List<EngineEvent>> ReadAsync(DateTimeOffset? since, DateTimeOffset? until, DateTimeOffset? notAfter)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var read = new List<EngineEvent>();
        await foreach (var one in Stores.Events.ReadAsync(since, until, stop.Token))
        {
            if (notAfter is null || one.Time < notAfter) read.Add(one);
        }

        return read;
    }
}
