using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Queries;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ListImagesTests
{
    private readonly ImageRoom _room = new();

    [Test]
    public async Task The_newest_come_first()
    {
        PutAt(1, "old");
        PutAt(3, "new");
        PutAt(2, "middle");
        Assert.That(await NamesAsync(Filters.None), Is.EqualTo(["new:latest", "middle:latest", "old:latest"]));
    }

    [Test]
    public async Task Before_and_since_leave_the_image_itself_out()
    {
        PutAt(1, "a");
        PutAt(2, "b");
        PutAt(3, "c");
        Assert.That(await NamesAsync(ImageRoom.Filter("before", "b")), Is.EqualTo(["a:latest"]));
        Assert.That(await NamesAsync(ImageRoom.Filter("since", "b")), Is.EqualTo(["c:latest"]));
    }

    [Test]
    public async Task Until_counts_back_from_now()
    {
        PutAt(-90, "old");
        PutAt(-30, "new");
        Assert.That(await NamesAsync(ImageRoom.Filter("until", "1h")), Is.EqualTo(["old:latest"]));
    }

    [TestCase("true", new[] { "<none>" })]
    [TestCase("false", new[] { "app:latest" })]
    public async Task Dangling_is_what_has_no_tag(string flag, string[] expected)
    {
        _room.Put("one", "app");
        _room.Put("two");
        Assert.That(await NamesAsync(ImageRoom.Filter("dangling", flag)), Is.EqualTo(expected));
    }

    [TestCase("k", 1)]
    [TestCase("k=v", 1)]
    [TestCase("k=w", 0)]
    public async Task Labels_narrow_the_list(string label, int count)
    {
        var image = Samples.Image("one", "app");
        _room.Put(image with { Config = image.Config with { Process = new ImageProcess { Labels = new Dictionary<string, string> { ["k"] = "v" } } } });
        _room.Put("two", "other");
        Assert.That(await NamesAsync(ImageRoom.Filter("label", label)), Has.Count.EqualTo(count));
    }

    [TestCase("app")]
    [TestCase("app:1")]
    [TestCase("ap*")]
    [TestCase("a?p:[0-9]")]
    [TestCase("[^b]pp")]
    [TestCase("docker.io/library/app")]
    public async Task A_reference_pattern_matches_names_and_shows_only_those(string pattern)
    {
        _room.Put("one", "app:1", "b/app:1", "quay.io/app:1");
        _room.Put("two");
        Assert.That(await NamesAsync(ImageRoom.Filter("reference", pattern)), Is.EqualTo(["app:1"]));
    }

    [TestCase("*/app")]
    [TestCase("b/a*")]
    public async Task A_star_stops_at_slashes(string pattern)
    {
        _room.Put("one", "app:1", "b/app:1", "quay.io/x/app:1");
        Assert.That(await NamesAsync(ImageRoom.Filter("reference", pattern)), Is.EqualTo(["b/app:1"]));
    }

    [Test]
    public async Task A_short_pattern_finds_images_of_localhost()
    {
        _room.Put("one", "localhost/app:1");
        Assert.That(await NamesAsync(ImageRoom.Filter("reference", "app:1")), Is.EqualTo(["localhost/app:1"]));
    }

    [TestCase("reference", "[")]
    [TestCase("reference", "a\\")]
    [TestCase("dangling", "x")]
    [TestCase("until", "x")]
    [TestCase("colour", "red")]
    public async Task Broken_filters_are_refused(string key, string value) =>
        Assert.That(
            (await Assert.ThrowsAsync<EngineException>(() => NamesAsync(ImageRoom.Filter(key, value))))?.Kind, Is.EqualTo(ErrorKind.InvalidInput));

    [Test]
    public async Task An_unknown_bound_is_not_found() =>
        Assert.That(
            (await Assert.ThrowsAsync<EngineException>(() => NamesAsync(ImageRoom.Filter("before", "nothere"))))?.Message,
            Is.EqualTo("No such image: nothere:latest"));

    [Test]
    public async Task Nameless_parents_are_shown_only_when_all_are_asked_for()
    {
        var parent = _room.Put("parent");
        _room.Put(Samples.Image("child", "child") with { Parent = parent.Id });
        Assert.That(await ListAsync(Filters.None), Has.Count.EqualTo(1));
        Assert.That(await ListAsync(Filters.None, all: true), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Counts_the_containers_of_each_image()
    {
        var image = _room.Put("one", "app");
        _room.Use(image, ContainerPhase.Exited, "a");
        _room.Use(image, ContainerPhase.Running, "b");
        Assert.That((await ListAsync(Filters.None))[0].Containers, Is.EqualTo(2));
    }

    [Test]
    public async Task Shared_size_is_that_of_the_layers_others_have_too()
    {
        var image = _room.Put("one", "app");
        _room.Put(Samples.Image("two", "other") with { Layers = [image.Layers[0], Samples.Digest("own")] });
        Assert.That((await ListAsync(Filters.None, shared: true)).Select(listing => listing.SharedSize), Is.EqualTo([100L, 100L]));
        Assert.That((await ListAsync(Filters.None))[0].SharedSize, Is.Null);
    }

    [Test]
    public async Task Other_platforms_are_told_with_the_image_whose_own_the_name_is()
    {
        _room.Put(WithManifest(Samples.Image("one", "app")));
        _room.Put(WithManifest(PlatformSamples.Arm("arm", "app:latest")));

        var listing = (await _room.List.RunAsync(new ListImagesRequest(false, false, Filters.None, Manifests: true), ImageRoom.Token)).Single();

        Assert.That(listing.Image.Id, Is.EqualTo(Samples.Digest("one")));
        Assert.That(listing.Manifests!.Select(static one => one.Platform.Architecture), Is.EqualTo(["amd64", "arm64"]));
        Assert.That((await ListAsync(Filters.None, all: true)).Select(static one => one.Tags.Single().Familiar), Is.EqualTo(["app:latest", "app:latest"]));
        Assert.That(await NamesAsync(ImageRoom.Filter("dangling", "true")), Is.Empty);

        Image WithManifest(Image image)
        {
            _room.Store.Blobs[Samples.Digest($"manifest {image.Id}")] = [1];
            return image with { ManifestDigest = Samples.Digest($"manifest {image.Id}") };
        }
    }

    private void PutAt(int minutes, string name)
    {
        var image = Samples.Image(name, name);
        _room.Put(image with { Config = image.Config with { Created = Samples.Time.AddMinutes(minutes) } });
    }

    private Task<IReadOnlyList<ImageListing>> ListAsync(Filters filters, bool all = false, bool shared = false) =>
        _room.List.RunAsync(new ListImagesRequest(all, shared, filters), ImageRoom.Token);

    private async Task<List<string>> NamesAsync(Filters filters) =>
        [.. (await ListAsync(filters)).SelectMany(listing => listing.Tags.Count == 0 ? ["<none>"] : listing.Tags.Select(tag => tag.Familiar))];
}
