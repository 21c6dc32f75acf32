using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SaveImagesTests
{
    private readonly ImageRoom _room = new();
    private readonly FakeImageExports _exports = new();

    [Test]
    public async Task A_name_without_a_tag_may_mean_its_whole_repository()
    {
        _room.Put("old", "app:1");
        _room.Put("new", "app:2", "other:1");

        Assert.That(await SavedAsync(true, "app"), Is.EqualTo(new[] { "app:1", "app:2" }));
        Assert.That(await SavedAsync(true, "app:2"), Is.EqualTo(new[] { "app:2" }));
        await Assert.ThrowsAsync<EngineException>(() => SavedAsync(false, "app"));
    }

    [Test]
    public async Task An_image_named_twice_is_saved_once_with_both_names()
    {
        var image = _room.Put("one", "app:1", "other:1");

        Assert.That(await SavedAsync(true, "app:1", image.Id.ToString(), "other:1"), Is.EqualTo(new[] { "app:1 other:1" }));
    }

    [Test]
    public async Task An_image_named_by_its_id_gets_no_name()
    {
        var image = _room.Put("one", "app:1");

        Assert.That(await SavedAsync(true, image.Id.Short), Is.EqualTo(new[] { "" }));
        Assert.That(_room.Log.Actions, Is.EqualTo(new[] { "image save" }));
    }

    [Test]
    public async Task One_name_that_is_missing_refuses_all()
    {
        _room.Put("one", "app:1");

        var failure = await Assert.ThrowsAsync<EngineException>(() => SavedAsync(true, "app:1", "nope:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(_exports.Opened, Is.Empty);
    }

    [Test]
    public async Task No_name_at_all_is_refused() =>
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => SavedAsync(true)))!.Kind, Is.EqualTo(ErrorKind.InvalidInput));

    [Test]
    public async Task Another_platform_is_not_found()
    {
        _room.Put("one", "app:1");
        var save = new SaveImages(_room.Lookup, _room.Store, _exports, new EventPublisher(_room.Log, _room.Clock));

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => save.RunAsync(new SaveImagesRequest(["app:1"], [new Platform("linux", "arm64")], true), ImageRoom.Token));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
    }

    [TestCase("", "app:1|(app:1)")]
    [TestCase("linux/arm64", "app:1")]
    [TestCase("linux/arm64 linux/amd64", "app:1|(app:1)")]
    public async Task Saves_all_platforms_or_those_that_are_asked_for(string platforms, string expected)
    {
        _room.Put("intel", "app:1");
        _room.Store.Put(PlatformSamples.Arm("arm", "app:1"));

        var saved = await SavedAsync(true, [.. platforms.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Platform.Parse)], "app:1");

        Assert.That(string.Join('|', saved), Is.EqualTo(expected));
        Assert.That(_exports.Opened[^1][0].Image.Config.Architecture, Is.EqualTo(platforms.Length == 0 ? "amd64" : "arm64"));
    }

    private Task<IEnumerable<string>> SavedAsync(bool wholeRepositories, params string[] names) => SavedAsync(wholeRepositories, [], names);

    private async Task<IEnumerable<string>> SavedAsync(bool wholeRepositories, IReadOnlyList<Platform> platforms, params string[] names)
    {
        var save = new SaveImages(_room.Lookup, _room.Store, _exports, new EventPublisher(_room.Log, _room.Clock));
        await using var archive = await save.RunAsync(new SaveImagesRequest(names, platforms, wholeRepositories), ImageRoom.Token);
        return _exports.Opened[^1].Select(one => string.Join(' ', one.Names.Select(name => name.Familiar).Concat(one.PlatformNames.Select(name => $"({name.Familiar})"))));
    }
}
