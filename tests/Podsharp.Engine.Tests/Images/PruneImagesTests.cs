using Podsharp.Core.Containers;
using Podsharp.Core.Queries;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PruneImagesTests
{
    private readonly ImageRoom _room = new();

    [Test]
    public async Task Only_what_has_no_tag_and_no_container_goes()
    {
        var dangling = _room.Put("dangling");
        _room.Use(_room.Put("used"), ContainerPhase.Exited);
        _room.Put("tagged", "app");
        var outcome = await _room.Prune.RunAsync(Filters.None, ImageRoom.Token);
        Assert.That(outcome.Removed.Select(removal => removal.Deleted), Is.EqualTo([dangling.Id, dangling.Layers[0]]));
        Assert.That(outcome.SpaceReclaimed, Is.EqualTo(100));
        Assert.That(_room.Store.All, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task All_that_no_container_uses_goes_when_dangling_is_false()
    {
        var tagged = _room.Put("tagged", "app");
        var used = _room.Put("used", "used");
        _room.Use(used, ContainerPhase.Exited);
        var outcome = await _room.Prune.RunAsync(ImageRoom.Filter("dangling", "false"), ImageRoom.Token);
        Assert.That(outcome.Removed[0].Untagged, Is.EqualTo(tagged.Tags[0]));
        Assert.That(_room.Store.All.Select(image => image.Id), Is.EqualTo([used.Id]));
    }

    [Test]
    public async Task Until_spares_what_is_newer()
    {
        _room.Put("dangling");
        _room.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await _room.Prune.RunAsync(ImageRoom.Filter("until", "10m"), ImageRoom.Token)).Removed, Is.Empty);
        Assert.That((await _room.Prune.RunAsync(ImageRoom.Filter("until", "1m"), ImageRoom.Token)).Removed, Is.Not.Empty);
    }

    [TestCase("true", 0)]
    [TestCase("false", 2)]
    public async Task Other_platforms_of_a_name_do_not_dangle(string dangling, int gone)
    {
        _room.Put("one", "app:1");
        _room.Put(PlatformSamples.Arm("arm", "app:1"));

        var outcome = await _room.Prune.RunAsync(ImageRoom.Filter("dangling", dangling), ImageRoom.Token);

        Assert.That(_room.Store.All, Has.Count.EqualTo(2 - gone));
        Assert.That(outcome.Removed.Count(static one => one.Untagged is not null), Is.EqualTo(gone / 2));
    }

    [TestCase("true", 4)]
    [TestCase("false", 9)]
    public async Task Blobs_kept_for_pushes_go_those_of_tagged_images_only_with_all(string dangling, int freed)
    {
        var tagged = _room.Put(Samples.Image("tagged", "app") with { LayerBlobs = [Samples.Digest("kept")] });
        _room.Use(tagged, ContainerPhase.Exited);
        _room.Blobs.Kept[Samples.Digest("kept")] = new byte[5];
        _room.Blobs.Kept[Samples.Digest("left over")] = new byte[4];

        var outcome = await _room.Prune.RunAsync(ImageRoom.Filter("dangling", dangling), ImageRoom.Token);

        Assert.That(outcome.Removed, Is.Empty);
        Assert.That(outcome.SpaceReclaimed, Is.EqualTo(freed));
    }

    [Test]
    public async Task Parents_go_after_their_children()
    {
        var parent = _room.Put("parent");
        _room.Put(Samples.Image("child") with { Parent = parent.Id });
        await _room.Prune.RunAsync(Filters.None, ImageRoom.Token);
        Assert.That(_room.Store.All, Is.Empty);
    }

    [Test]
    public async Task Says_how_much_was_reclaimed()
    {
        _room.Put("dangling");
        await _room.Prune.RunAsync(Filters.None, ImageRoom.Token);
        Assert.That(_room.Log.Events[^1].Attributes["reclaimed"], Is.EqualTo("100"));
    }
}
