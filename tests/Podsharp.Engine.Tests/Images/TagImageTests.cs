using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TagImageTests
{
    private readonly ImageRoom _room = new();

    [TestCase("new", "", "new:latest")]
    [TestCase("new", "2", "new:2")]
    [TestCase("new:1", "", "new:1")]
    [TestCase("new:1", "2", "new:2")]
    [TestCase("localhost:5000/new", "2", "localhost:5000/new:2")]
    public async Task Gives_the_name(string repository, string tag, string name)
    {
        var image = _room.Put("one", "app");
        await _room.Tag.RunAsync(new TagImageRequest("app", repository, tag), ImageRoom.Token);
        Assert.That(_room.Store.Find(image.Id)?.Tags.Select(present => present.Familiar), Is.EqualTo(["app:latest", name]));
        Assert.That(_room.Log.Actions, Is.EqualTo(["image tag"]));
        Assert.That(_room.Log.Events[0].Attributes["name"], Is.EqualTo(name));
    }

    [Test]
    public async Task The_new_name_means_the_same_platforms()
    {
        var image = _room.Put("one", "app");
        var arm = _room.Put(PlatformSamples.Arm("arm", "app:latest"));
        await _room.Tag.RunAsync(new TagImageRequest("app", "new", ""), ImageRoom.Token);
        Assert.That(_room.Store.FindPlatforms(ImageReference.Parse("new:latest")).Select(static one => one.Id), Is.EqualTo([image.Id, arm.Id]));
    }

    [Test]
    public async Task Takes_the_name_from_another_image()
    {
        var old = _room.Put("one", "app");
        var image = _room.Put("two", "other");
        await _room.Tag.RunAsync(new TagImageRequest("other", "app", "latest"), ImageRoom.Token);
        Assert.That(_room.Lookup.Find("app").Image.Id, Is.EqualTo(image.Id));
        Assert.That(_room.Store.Find(old.Id)?.Tags, Is.Empty);
    }

    [TestCase("app", "", "", ErrorKind.InvalidInput)]
    [TestCase("app", "Bad", "", ErrorKind.InvalidInput)]
    [TestCase("app", "sha256", "abc", ErrorKind.InvalidInput)]
    [TestCase("app", "new", "a b", ErrorKind.InvalidInput)]
    [TestCase("app", "new@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "", ErrorKind.InvalidInput)]
    [TestCase("missing", "new", "", ErrorKind.NotFound)]
    public async Task Refuses_bad_names_and_missing_images(string image, string repository, string tag, ErrorKind kind)
    {
        _room.Put("one", "app");
        var failure = await Assert.ThrowsAsync<EngineException>(() => _room.Tag.RunAsync(new TagImageRequest(image, repository, tag), ImageRoom.Token));
        Assert.That(failure?.Kind, Is.EqualTo(kind));
    }
}
