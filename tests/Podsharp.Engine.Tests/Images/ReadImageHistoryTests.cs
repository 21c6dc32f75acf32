using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadImageHistoryTests
{
    private static readonly Digest Base = Samples.Digest("base");
    private static readonly Digest Top = Samples.Digest("top");
    private readonly ImageRoom _room = new();

    [Test]
    public async Task Gives_the_newest_step_first_with_the_size_of_its_layer()
    {
        Put(Line("ADD", false), Line("ENV", true), Line("RUN", false));
        _room.Store.Layers[Top] = new Layer(Top, 7, 512);
        var steps = await ReadAsync();
        Assert.That(steps.Select(step => (step.CreatedBy, step.Size)), Is.EqualTo([("RUN", 7L), ("ENV", 0L), ("ADD", 100L)]));
    }

    [Test]
    public async Task Only_the_newest_step_has_the_image_and_its_names()
    {
        var image = Put(Line("ADD", false), Line("RUN", false));
        var steps = await ReadAsync();
        Assert.That(steps.Select(step => step.ImageId), Is.EqualTo(new Digest?[] { image.Id, null }));
        Assert.That(steps[0].Tags, Is.EqualTo(image.Tags));
        Assert.That(steps[1].Tags, Is.Empty);
    }

    [Test]
    public async Task Layers_without_a_line_are_the_base()
    {
        Put(Line("RUN", false));
        Assert.That((await ReadAsync()).Select(step => (step.CreatedBy, step.Size)), Is.EqualTo([("RUN", 100L), ("", 100L)]));
    }

    [Test]
    public async Task Lines_without_a_layer_have_no_size()
    {
        Put(Line("ADD", false), Line("RUN", false), Line("COPY", false));
        Assert.That((await ReadAsync()).Select(step => step.Size), Is.EqualTo([0L, 100L, 100L]));
    }

    private static ImageHistory Line(string createdBy, bool empty) => new(Samples.Time, createdBy, null, null, empty);

    private Image Put(params IReadOnlyList<ImageHistory> history)
    {
        var image = Samples.Image("one", "app");
        return _room.Put(image with { Layers = [Base, Top], Config = image.Config with { History = history } });
    }

    private Task<IReadOnlyList<HistoryStep>> ReadAsync() => _room.History.RunAsync(new InspectImageRequest("app"), ImageRoom.Token);

    [Test]
    public async Task Steps_that_are_images_of_this_machine_are_named()
    {
        var config = new ImageConfig { History = [new ImageHistory(null, "base", null, null, false), new ImageHistory(null, "committed", null, null, false)] };
        var parent = _room.Put(Samples.Image("parent", "base:1"));
        _room.Put(Samples.Image("child", "child:1") with { Parent = parent.Id, Config = config, Layers = [Samples.Digest("one"), Samples.Digest("two")] });

        var steps = await _room.History.RunAsync(new InspectImageRequest("child:1"), ImageRoom.Token);

        Assert.That(steps.Select(step => step.ImageId), Is.EqualTo(new Digest?[] { Samples.Digest("child"), parent.Id }));
        Assert.That(steps[1].Tags.Single().Familiar, Is.EqualTo("base:1"));
    }
}
