using Podsharp.Core.Errors;
using Podsharp.Core.Images;
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
        var loaded = await _room.Load.RunAsync(new MemoryStream([1]), ImageRoom.Token);
        Assert.That(loaded, Has.Count.EqualTo(2));
        Assert.That(_room.Log.Actions, Is.EqualTo(["image load", "image load"]));
        Assert.That(_room.Log.Events[0].Id, Is.EqualTo(Samples.Digest("one").ToString()));
    }

    [Test]
    public async Task A_broken_archive_is_no_event()
    {
        _room.Archives.Failure = EngineException.InvalidInput("not an archive");
        await Assert.ThrowsAsync<EngineException>(() => _room.Load.RunAsync(new MemoryStream([1]), ImageRoom.Token));
        Assert.That(_room.Log.Events, Is.Empty);
    }
}
