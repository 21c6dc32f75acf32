namespace Podsharp.Conformance.Tests;

public sealed class ImagesTests : SdkTest
{
    [Test]
    public async Task Lists_and_inspects_the_loaded_image()
    {
        var listed = await Client.Images.ListImagesAsync(new ImagesListParameters());

        var image = listed.Single(one => one.RepoTags?.Contains(Image) == true);
        var inspected = await Client.Images.InspectImageAsync(Image);
        Assert.That(inspected.ID, Is.EqualTo(image.ID));
        Assert.That(inspected.Config.Cmd, Is.EqualTo(new[] { "sh" }));
        Assert.That(inspected.Config.Env, Does.Contain("FROM_IMAGE=yes"));
        Assert.That(inspected.RootFS.Layers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Loads_an_archive()
    {
        await using var archive = File.OpenRead(await BusyboxImage.ArchiveAsync());
        var messages = new Reports<JSONMessage>();

        await Client.Images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, archive, messages);

        Assert.That(string.Concat(messages.Values.Select(message => message.Stream)), Does.Contain(Image));
    }

    [Test]
    public async Task Tags_and_untags()
    {
        var repository = $"sdk-{Guid.NewGuid():N}";
        await Client.Images.TagImageAsync(Image, new ImageTagParameters { RepositoryName = repository, Tag = "one" });
        Assert.That((await Client.Images.InspectImageAsync($"{repository}:one")).ID, Is.EqualTo((await Client.Images.InspectImageAsync(Image)).ID));

        var deleted = await Client.Images.DeleteImageAsync($"{repository}:one", new ImageDeleteParameters());

        Assert.That(deleted, Has.Count.EqualTo(1));
        Assert.That(() => Client.Images.InspectImageAsync($"{repository}:one"), Throws.InstanceOf<DockerImageNotFoundException>());
    }

    [Test]
    public async Task Tells_the_history()
    {
        var history = await Client.Images.GetImageHistoryAsync(Image);

        Assert.That(history.Single().CreatedBy, Is.EqualTo("podsharp tests"));
    }
}
