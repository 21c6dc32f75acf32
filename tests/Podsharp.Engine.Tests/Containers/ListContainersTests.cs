using Podsharp.Core.Images;
using Podsharp.Core.Queries;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ListContainersTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeImageStore _images = new();

    [TestCase("image:1")]
    [TestCase("image")]
    public async Task A_container_is_shown_with_the_name_that_its_image_was_asked_for_by(string name) =>
        Assert.That(await ShownAsync(Samples.Image("i", "image:1", "image:latest"), name), Is.EqualTo(name));

    [Test]
    public async Task One_whose_image_was_asked_for_by_a_part_of_its_id_is_shown_with_that()
    {
        var image = Samples.Image("i");

        Assert.That(await ShownAsync(image, image.Id.Hex[..12]), Is.EqualTo(image.Id.Hex[..12]));
    }

    [Test]
    public async Task One_whose_images_name_is_gone_is_shown_with_the_id()
    {
        var image = Samples.Image("i", "other:1");

        Assert.That(await ShownAsync(image, "image:1"), Is.EqualTo(image.Id.ToString()));
    }

    [Test]
    public async Task One_whose_images_name_means_another_is_shown_with_the_id()
    {
        var image = Samples.Image("i");
        _images.Put(Samples.Image("newer", "image:1"));

        Assert.That(await ShownAsync(image, "image:1"), Is.EqualTo(image.Id.ToString()));
    }

    [Test]
    public async Task The_embedded_image_keeps_its_short_name() =>
        Assert.That(await ShownAsync(Samples.Image("i", "localhost/podsharp/hello:latest"), "hello"), Is.EqualTo("hello"));

    private async Task<string> ShownAsync(Image image, string name)
    {
        _images.Put(image);
        var container = Samples.Container("c", image);
        _containers.Put(container with { Spec = container.Spec with { ImageName = name } });
        var list = new ListContainers(_containers, _images, new ImageLookup(_images), new FakeRootFileSystems(), new ContainerLookup(_containers));

        var all = new ListContainersRequest(true, 0, false, new Filters(new Dictionary<string, IReadOnlyList<string>>()));
        return (await list.RunAsync(all, CancellationToken.None)).Single().ImageName;
    }
}
