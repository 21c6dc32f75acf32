using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageLookupTests
{
    private static readonly Digest Manifest = Samples.Digest("manifest");
    private readonly ImageRoom _room = new();

    [TestCase("busybox")]
    [TestCase("busybox:latest")]
    [TestCase("docker.io/busybox")]
    [TestCase("docker.io/library/busybox:latest")]
    public void Finds_by_any_way_to_write_the_name(string text)
    {
        var image = _room.Put("one", "busybox");
        Assert.That(_room.Lookup.Find(text).Image, Is.EqualTo(image));
        Assert.That(_room.Lookup.Find(text).Name?.Familiar, Is.EqualTo("busybox:latest"));
    }

    [Test]
    public void Finds_by_full_id_and_by_prefix_with_or_without_the_algorithm()
    {
        var image = _room.Put("one", "busybox");
        foreach (var text in new[] { image.Id.ToString(), image.Id.Hex, image.Id.Short, "sha256:" + image.Id.Short, image.Id.Hex[..1] })
        {
            Assert.That(_room.Lookup.Find(text).Image, Is.EqualTo(image), text);
            Assert.That(_room.Lookup.Find(text).Name, Is.Null, text);
        }
    }

    [Test]
    public void A_name_wins_over_an_id_that_starts_alike()
    {
        var other = _room.Put("one");
        var named = _room.Put("two", other.Id.Short);
        Assert.That(_room.Lookup.Find(other.Id.Short).Image, Is.EqualTo(named));
    }

    [Test]
    public void A_prefix_that_two_images_have_is_not_found_and_says_so()
    {
        var images = Enumerable.Range(0, 17).Select(i => _room.Put($"image {i}")).ToList();
        var shared = images.GroupBy(image => image.Id.Hex[..1]).First(group => group.Count() > 1).Key;
        var failure = Assert.Throws<EngineException>(() => _room.Lookup.Find(shared));
        Assert.That(failure?.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure?.Message, Does.Contain("more digits"));
    }

    [Test]
    public void A_short_name_that_the_default_registry_lacks_is_looked_for_at_localhost()
    {
        var image = _room.Put("one", "localhost/app:1");
        Assert.That(_room.Lookup.Find("app:1").Image, Is.EqualTo(image));
        Assert.That(_room.Lookup.Find("app:1").Name?.ToString(), Is.EqualTo("localhost/app:1"));
        Assert.That(_room.Lookup.TryFind("docker.io/library/app:1"), Is.Null);
    }

    [Test]
    public void The_default_registry_wins_over_localhost()
    {
        _room.Put("one", "localhost/app");
        var image = _room.Put("two", "app");
        Assert.That(_room.Lookup.Find("app").Image, Is.EqualTo(image));
    }

    [TestCase("app@")]
    [TestCase("app:latest@")]
    public void Finds_by_a_known_repository_digest(string name)
    {
        var image = _room.Put(Samples.Image("one", "app") with { RepositoryDigests = [ImageReference.Parse($"app@{Manifest}")] });
        var found = _room.Lookup.Find(name + Manifest);
        Assert.That(found.Image, Is.EqualTo(image));
        Assert.That(found.Name?.Familiar, Is.EqualTo($"app@{Manifest}"));
    }

    [Test]
    public void A_loaded_image_is_known_by_its_name_with_the_digest_of_its_manifest()
    {
        var image = _room.Put(Samples.Image("one", "app") with { ManifestDigest = Manifest });
        Assert.That(_room.Lookup.Find($"app@{Manifest}").Image, Is.EqualTo(image));
        Assert.That(_room.Lookup.TryFind($"other@{Manifest}"), Is.Null);
    }

    [Test]
    public void A_digest_that_is_not_among_its_names_is_as_good_as_its_id()
    {
        _room.Put(Samples.Image("one", "app") with { ManifestDigest = Manifest });
        Assert.That(_room.Lookup.Find($"app@{Manifest}").Name, Is.Null);
    }

    [TestCase("foo", "No such image: foo:latest")]
    [TestCase("foo:1", "No such image: foo:1")]
    [TestCase("docker.io/library/foo", "No such image: foo:latest")]
    [TestCase("localhost:5000/a/b", "No such image: localhost:5000/a/b:latest")]
    [TestCase("sha256:abc", "No such image: sha256:abc")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "No such image: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("foo@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "No such image: foo@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Says_what_is_missing_in_its_short_form(string text, string message)
    {
        var failure = Assert.Throws<EngineException>(() => _room.Lookup.Find(text));
        Assert.That((failure?.Kind, failure?.Message), Is.EqualTo((ErrorKind.NotFound, message)));
    }

    [TestCase("Foo")]
    [TestCase("a b")]
    [TestCase("")]
    public void Refuses_what_is_no_name(string text) =>
        Assert.That(Assert.Throws<EngineException>(() => _room.Lookup.Find(text))?.Kind, Is.EqualTo(ErrorKind.InvalidInput));
}
