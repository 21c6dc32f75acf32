using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LoadImagesTests
{
    private readonly ImageRoom _room = new();

    [Test]
    public async Task Tells_of_each_image_that_came()
    {
        _room.Archives.Archive.Add(new LoadedImage(Samples.Image("one"), [ImageReference.Parse("app:1")]));
        _room.Archives.Archive.Add(new LoadedImage(Samples.Image("two"), []));
        var loaded = await _room.Load.RunAsync(new LoadImagesRequest(new MemoryStream([1]), []), ImageRoom.Token);
        Assert.That(loaded, Has.Count.EqualTo(2));
        Assert.That(_room.Log.Actions, Is.EqualTo(["image load", "image load"]));
        Assert.That(_room.Log.Events[0].Id, Is.EqualTo(Samples.Digest("one").ToString()));
    }

    [TestCase(PolicyDecision.Reject, "no")]
    [TestCase(PolicyDecision.NeedsSignature, "A signature was required, but no signature exists")]
    public async Task What_the_policy_does_not_let_in_is_not_loaded(PolicyDecision decision, string why)
    {
        _room.Archives.Archive.Add(new LoadedImage(Samples.Image("one"), []));
        _room.Registry.Verdict = new PolicyVerdict(decision, "no");

        var refusal = await Assert.ThrowsAsync<EngineException>(() => _room.Load.RunAsync(new LoadImagesRequest(new MemoryStream([1]), []), ImageRoom.Token));

        Assert.That(refusal!.Message, Does.StartWith($"Source image rejected: {why}"));
        Assert.That(_room.Store.All, Is.Empty);
        Assert.That(_room.Log.Events, Is.Empty);
    }

    [Test]
    public async Task Asks_for_the_platform_that_was_asked_for()
    {
        _room.Archives.Archive.Add(new LoadedImage(Samples.Image("one"), []));
        await _room.Load.RunAsync(new LoadImagesRequest(new MemoryStream([1]), [Platform.Parse("linux/arm64")]), ImageRoom.Token);
        Assert.That(_room.Archives.Platforms, Is.EqualTo(new[] { new Platform("linux", "arm64") }));
    }

    [Test]
    public async Task A_broken_archive_is_no_event()
    {
        _room.Archives.Failure = EngineException.InvalidInput("not an archive");
        await Assert.ThrowsAsync<EngineException>(() => _room.Load.RunAsync(new LoadImagesRequest(new MemoryStream([1]), []), ImageRoom.Token));
        Assert.That(_room.Log.Events, Is.Empty);
    }
}
