using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Pull;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Pull;

/// <summary>Which image of a list comes.</summary>
public sealed class PullPlatformTests : PullFixture
{
    [Test]
    public async Task Of_a_list_this_machines_image_is_taken_and_the_lists_digest_is_its_name()
    {
        var list = Registry.AddList(
            "library/app",
            "1",
            ("arm64", Registry.Add("library/app", "arm", "arm64", "for arm")),
            ("amd64", Registry.Add("library/app", "amd", "amd64", "for amd")));

        var image = await PullAsync("app:1");

        Assert.That(image.Config.Architecture, Is.EqualTo("amd64"));
        Assert.That(image.RepositoryDigests.Single().Digest, Is.EqualTo(list.Digest));
    }

    [Test]
    public async Task Of_a_list_the_platform_asked_for_is_taken()
    {
        Registry.AddList("library/app", "1", ("arm64", Registry.Add("library/app", "arm", "arm64", "for arm")));

        var image = await PullAsync("app:1", platform: Platform.Parse("linux/arm64"));

        Assert.That(image.Config.Architecture, Is.EqualTo("arm64"));
    }

    [Test]
    public async Task An_image_for_another_platform_only_comes_and_is_then_told_to_be_another()
    {
        Registry.Add("library/app", "1", "amd64", "base");

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1", platform: Platform.Parse("linux/arm64")));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure.Message, Is.EqualTo(
            "image with reference docker.io/library/app:1 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64"));
        Assert.That(Told[^1], Is.EqualTo(new PullFinished(ImageReference.Parse("app:1"), IsNew: true)));
        Assert.That(Store.All.Single().Tags.Single().Familiar, Is.EqualTo("app:1"));
    }

    [Test]
    public async Task A_list_without_the_platform_is_not_found_and_says_which()
    {
        Registry.AddList("library/app", "1", ("arm64", Registry.Add("library/app", "arm", "arm64", "for arm")));

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure.Message, Does.Contain("linux/amd64"));
        Assert.That(Told, Is.Empty);
    }
}
