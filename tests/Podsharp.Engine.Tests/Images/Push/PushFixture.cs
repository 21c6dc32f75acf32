using System.Collections.Concurrent;
using System.Text;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Push;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Push;

/// <summary>A push to a registry in memory.</summary>
[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class PushFixture
{
    private readonly PushImage _push;

    protected PushFixture()
    {
        Blobs = new FakeLayerBlobs(Store);
        _push = new PushImage(
            Registry, Registry, Registry, Store, new ImageLookup(Store), Blobs, new PushLayers(Store, Blobs, new BlobSources(Registry, Registry, Registry)), new EventPublisher(Log, new FakeClock(Samples.Time)));
    }

    private protected FakeRegistry Registry { get; } = new();

    private protected FakeImageStore Store { get; } = new();

    private protected FakeLayerBlobs Blobs { get; }

    private protected FakeEventLog Log { get; } = new(new FakeClock(Samples.Time));

    private protected ConcurrentQueue<PushEvent> Told { get; } = new();

    [TearDown]
    public void Nothing_stays_held() => Assert.That(Blobs.Held, Is.Zero);

    private protected Image Put(string name, params string[] tags)
    {
        var image = Store.Put(Samples.Image(name, tags) with { Id = FakeRegistry.DigestOf(Encoding.UTF8.GetBytes("config of " + name)) });
        Store.Blobs[image.Id] = Encoding.UTF8.GetBytes("config of " + name);
        return image;
    }

    private protected Task PushAsync(string name, Platform? platform = null) => _push.RunAsync(
        new PushImageRequest { Name = ImageReference.Parse(name), Platform = platform },
        step =>
        {
            Told.Enqueue(step);
            return ValueTask.CompletedTask;
        },
        CancellationToken.None);
}
