namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class LayerLifeTests : ArchiveFixture
{
    [Test]
    public async Task Frees_layers_and_blobs_that_nothing_uses_when_an_image_goes()
    {
        var first = (await LoadAsync(Simple("a:1", Base)))[0].Image;
        var second = (await LoadAsync(Simple("b:1", Base, Top)))[0].Image;

        await Stores.Images.RemoveAsync(second.Id, CancellationToken.None);

        Assert.That(Stores.Images.FindLayer(DigestOf(Base)), Is.Not.Null, "the first image stands on it");
        Assert.That(Stores.Images.FindLayer(DigestOf(Top)), Is.Null);
        await Stores.Images.RemoveAsync(first.Id, CancellationToken.None);
        AssertEmpty();
    }

    [Test]
    public async Task Leaves_layers_that_a_container_stands_on()
    {
        var image = (await LoadAsync(Simple("a:1", Base)))[0].Image;
        await Stores.Containers.AddAsync(NewContainer("c", image.Layers), CancellationToken.None);

        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        Assert.That(Directory.Exists(Paths.Layer(DigestOf(Base))), Is.True);
    }

    [Test]
    public async Task Frees_the_layers_of_a_removed_image_with_the_last_container_that_stands_on_them()
    {
        var image = (await LoadAsync(Simple("a:1", Base)))[0].Image;
        var (first, last) = (NewContainer("first", image.Layers), NewContainer("last", image.Layers));
        await Stores.Containers.AddAsync(first, CancellationToken.None);
        await Stores.Containers.AddAsync(last, CancellationToken.None);
        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        await Stores.Containers.RemoveAsync(first.Id, CancellationToken.None);
        Assert.That(Stores.Images.FindLayer(DigestOf(Base)), Is.Not.Null, "the other one stands on it");
        await Stores.Containers.RemoveAsync(last.Id, CancellationToken.None);

        AssertEmpty();
    }

    [Test]
    public async Task Removes_a_layer_that_was_never_completed_when_it_opens()
    {
        Directory.CreateDirectory(Path.Join(Paths.Layers, new string('e', 64), "diff"));
        Directory.CreateDirectory(Path.Join(Paths.Staging, "left/over"));

        await ReopenAsync();
        await Stores.DisposeAsync();

        AssertEmpty();
        await ReopenAsync();
    }
}
