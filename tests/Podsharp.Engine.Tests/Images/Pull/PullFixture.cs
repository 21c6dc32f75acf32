using System.Collections.Concurrent;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images.Pull;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Pull;

/// <summary>A pull from a registry in memory.</summary>
[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class PullFixture
{
    private readonly ConcurrentQueue<PullEvent> _queue = new();
    private readonly PullImage _pull;

    protected PullFixture()
    {
        Ingest = new FakeImageIngest(Store);
        Transfers = new LayerTransfers(Ingest);
        _pull = new PullImage(
            Registry, Registry, Registry, Registry, Store, Ingest, new PullLayers(Store, Ingest, Transfers), new FakeHost(), new EventPublisher(Log, new FakeClock(Samples.Time)));
    }

    private protected FakeRegistry Registry { get; } = new();

    private protected FakeImageStore Store { get; } = new();

    private protected FakeImageIngest Ingest { get; }

    private protected LayerTransfers Transfers { get; }

    private protected FakeEventLog Log { get; } = new(new FakeClock(Samples.Time));

    private protected PullEvent[] Told => [.. _queue];

    private protected void Forget() => _queue.Clear();

    [TearDown]
    public void Nothing_stays_staged_or_held()
    {
        Assert.That(Ingest.Staged, Is.Zero);
        Assert.That(Ingest.Held, Is.Empty);
    }

    private protected Task<Image> PullAsync(string name, Platform? platform = null, CancellationToken cancel = default) => _pull.RunAsync(
        new PullImageRequest { Candidates = [ImageReference.Parse(name)], Platform = platform },
        step =>
        {
            _queue.Enqueue(step);
            return ValueTask.CompletedTask;
        },
        cancel);
}
