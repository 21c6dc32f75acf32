using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images.Hello;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ResolveImageTests
{
    private readonly ImageRoom _room = new();

    [Test]
    public async Task Answers_the_image_of_that_name()
    {
        var image = _room.Put("one", "app");
        Assert.That(await _room.Resolve.RunAsync("app", null, ImageRoom.Token), Is.EqualTo(image));
    }

    [Test]
    public async Task Brings_the_embedded_image_in_when_it_is_asked_for()
    {
        _room.Archives.Archive.Add(new LoadedImage(Samples.Image("hello"), [HelloImage.Reference]));
        var image = await _room.Resolve.RunAsync("hello", null, ImageRoom.Token);
        Assert.That(image.Tags, Is.EqualTo([HelloImage.Reference]));
    }

    [Test]
    public async Task Refuses_an_image_for_another_platform()
    {
        _room.Put("one", "app");
        var failure = await Assert.ThrowsAsync<EngineException>(() => _room.Resolve.RunAsync("app", Platform.Parse("linux/arm64"), ImageRoom.Token));
        Assert.That(failure?.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure?.Message, Does.EndWith("wanted linux/arm64, actual: linux/amd64"));
    }

    [TestCase(null, "one")]
    [TestCase("linux/amd64", "one")]
    [TestCase("linux/arm64", "arm")]
    public async Task Answers_the_platform_that_was_asked_for(string? platform, string expected)
    {
        _room.Put("one", "app");
        _room.Put(PlatformSamples.Arm("arm", "app:latest"));
        var image = await _room.Resolve.RunAsync("app", platform is null ? null : Platform.Parse(platform), ImageRoom.Token);
        Assert.That(image.Id, Is.EqualTo(Samples.Digest(expected)));
    }

    [Test]
    public async Task Says_that_there_is_no_such_image() =>
        Assert.That(
            (await Assert.ThrowsAsync<EngineException>(() => _room.Resolve.RunAsync("app", null, ImageRoom.Token)))?.Message,
            Is.EqualTo("No such image: app:latest"));
}
