using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImportImageTests
{
    private readonly ImageRoom _room = new();

    [Test]
    public async Task Makes_an_image_of_this_machine_now()
    {
        var image = await ImportAsync();
        Assert.That(image.Config.Created, Is.EqualTo(Samples.Time));
        Assert.That(image.Config.Architecture, Is.EqualTo("amd64"));
        Assert.That(image.Config.Comment, Is.EqualTo("Imported from -"));
        Assert.That(image.Tags, Is.Empty);
        Assert.That(_room.Log.Actions, Is.EqualTo(["image import"]));
    }

    [Test]
    public async Task Notes_message_platform_name_and_changes()
    {
        var image = await ImportAsync("app", "1", "hi", "linux/arm/v7", "CMD [\"sh\"]", "ENV A=b");
        Assert.That(image.Config.Comment, Is.EqualTo("hi"));
        Assert.That((image.Config.Architecture, image.Config.Variant), Is.EqualTo(("arm", "v7")));
        Assert.That(image.Config.Process.Command, Is.EqualTo(["sh"]));
        Assert.That(image.Config.Process.Environment, Is.EqualTo(["A=b"]));
        Assert.That(_room.Lookup.Find("app:1").Image.Id, Is.EqualTo(image.Id));
        Assert.That(_room.Log.Actions, Is.EqualTo(["image tag", "image import"]));
    }

    [TestCase("Bad", null, "CMD x")]
    [TestCase("app", "windows/amd64", "CMD x")]
    [TestCase("app", null, "RUN x")]
    public async Task Refuses_before_it_reads_the_archive(string repository, string? platform, string change)
    {
        using var archive = new MemoryStream([1, 2, 3]);
        var request = new ImportImageRequest(archive, repository, "", "", [change], platform is null ? null : Platform.Parse(platform));
        Assert.That(
            (await Assert.ThrowsAsync<EngineException>(() => _room.Import.RunAsync(request, ImageRoom.Token)))?.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        Assert.That(archive.Position, Is.Zero);
    }

    private Task<Image> ImportAsync(
        string repository = "", string tag = "", string message = "", string? platform = null, params IReadOnlyList<string> changes) =>
        _room.Import.RunAsync(
            new ImportImageRequest(
                new MemoryStream([1, 2, 3]), repository, tag, message, changes, platform is null ? null : Platform.Parse(platform)),
            ImageRoom.Token);
}
