using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Core.Tests.Registries;

public sealed class ManifestSelectorTests
{
    private static readonly string Hex = new('a', 64);

    [Test]
    public void The_digest_wins_over_the_tag() =>
        Assert.That(ManifestSelector.Of(ImageReference.Parse($"quay.io/a:1@sha256:{Hex}")).Text, Is.EqualTo($"sha256:{Hex}"));

    [TestCase("quay.io/a:1", "1")]
    [TestCase("quay.io/a", "latest")]
    public void Without_a_digest_it_is_the_tag_or_the_default(string name, string expected) =>
        Assert.That(ManifestSelector.Of(ImageReference.Parse(name)).Text, Is.EqualTo(expected));
}
