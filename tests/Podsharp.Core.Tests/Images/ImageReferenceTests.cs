using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Core.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [TestCase("busybox", "docker.io/library/busybox")]
    [TestCase("busybox:1.36", "docker.io/library/busybox:1.36")]
    [TestCase("user/app", "docker.io/user/app")]
    [TestCase("docker.io/busybox", "docker.io/library/busybox")]
    [TestCase("docker.io/library/busybox", "docker.io/library/busybox")]
    [TestCase("index.docker.io/busybox", "docker.io/library/busybox")]
    [TestCase("quay.io/a/b/c:v1", "quay.io/a/b/c:v1")]
    [TestCase("localhost/app", "localhost/app")]
    [TestCase("localhost:5000/app", "localhost:5000/app")]
    [TestCase("host:5000/app:tag", "host:5000/app:tag")]
    [TestCase("[::1]:5000/app", "[::1]:5000/app")]
    [TestCase("Host/app", "Host/app")]
    [TestCase("a__b/c-d--e.f", "docker.io/a__b/c-d--e.f")]
    [TestCase("busybox:_Tag.1-x", "docker.io/library/busybox:_Tag.1-x")]
    [TestCase("busybox@" + Digest, "docker.io/library/busybox@" + Digest)]
    [TestCase("busybox:1@" + Digest, "docker.io/library/busybox:1@" + Digest)]
    [TestCase("host:5000/a@" + Digest, "host:5000/a@" + Digest)]
    public void Names_are_written_out_in_full(string text, string full) =>
        Assert.That(ImageReference.Parse(text).ToString(), Is.EqualTo(full));

    [TestCase("docker.io/library/busybox:1", "busybox:1")]
    [TestCase("docker.io/user/app", "user/app")]
    [TestCase("docker.io/library/a/b", "library/a/b")]
    [TestCase("quay.io/library/busybox", "quay.io/library/busybox")]
    [TestCase("localhost/app:2", "localhost/app:2")]
    [TestCase("busybox@" + Digest, "busybox@" + Digest)]
    public void People_see_the_short_form(string text, string familiar) =>
        Assert.That(ImageReference.Parse(text).Familiar, Is.EqualTo(familiar));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("a b")]
    [TestCase("/a")]
    [TestCase("a/")]
    [TestCase("a//b")]
    [TestCase("-a")]
    [TestCase("a_")]
    [TestCase("a..b")]
    [TestCase("a___b")]
    [TestCase("../../etc")]
    [TestCase("a:")]
    [TestCase("a:.x")]
    [TestCase("a:b\n")]
    [TestCase("a\n")]
    [TestCase("host:123456/a")]
    [TestCase("-host.x/a")]
    [TestCase("a@sha256:123")]
    [TestCase("a@")]
    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Refuses_what_is_no_name(string text)
    {
        Assert.That(ImageReference.TryParse(text, out _), Is.False);
        var failure = Assert.Throws<EngineException>(() => ImageReference.Parse(text));
        Assert.That(failure?.Message, Does.StartWith("invalid reference format"));
    }

    [Test]
    public void Says_that_capitals_are_the_trouble() =>
        Assert.That(
            Assert.Throws<EngineException>(() => ImageReference.Parse("Busybox:1"))?.Message,
            Is.EqualTo("invalid reference format: repository name (library/Busybox) must be lowercase"));

    [Test]
    public void Refuses_names_and_tags_that_are_too_long()
    {
        Assert.That(ImageReference.TryParse(new string('a', 300), out _), Is.False);
        Assert.That(ImageReference.TryParse("a:" + new string('b', 128), out _), Is.True);
        Assert.That(ImageReference.TryParse("a:" + new string('b', 129), out _), Is.False);
    }

    [Test]
    public void Latest_is_the_tag_only_where_there_is_neither_tag_nor_digest()
    {
        Assert.That(ImageReference.Parse("a").WithDefaultTag().Tag, Is.EqualTo("latest"));
        Assert.That(ImageReference.Parse("a:1").WithDefaultTag().Tag, Is.EqualTo("1"));
        Assert.That(ImageReference.Parse("a@" + Digest).WithDefaultTag().Tag, Is.Null);
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("x\n")]
    public void Refuses_a_tag_that_is_none(string tag) =>
        Assert.That(
            Assert.Throws<EngineException>(() => ImageReference.Parse("a").WithTag(tag))?.Message, Does.StartWith("invalid tag format"));

    [Test]
    public void Two_ways_to_write_a_name_are_equal() =>
        Assert.That(ImageReference.Parse("docker.io/library/a:1"), Is.EqualTo(ImageReference.Parse("a:1")));
}
