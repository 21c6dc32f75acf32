using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Push;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Push;

public sealed class PushImageTests : PushFixture
{
    [Test]
    public async Task An_image_without_blobs_is_compressed_and_arrives_whole()
    {
        var image = Put("app", "reg.example/app:1");

        await PushAsync("reg.example/app:1");

        var manifest = ImageManifest.Parse(Registry.Manifests[("app", "1")].Content);
        Assert.That(manifest.Config.Digest, Is.EqualTo(image.Id));
        Assert.That(Registry.Blobs.ContainsKey(("app", image.Id)), Is.True);
        Assert.That(manifest.Layers.Single().MediaType, Does.EndWith("tar.gzip"));
        Assert.That(Registry.Blobs.ContainsKey(("app", manifest.Layers.Single().Blob.Digest)), Is.True);
        Assert.That(Blobs.Compressed, Is.EqualTo(image.Layers));
    }

    [Test]
    public async Task The_last_step_tells_tag_digest_and_size_of_the_manifest()
    {
        Put("app", "reg.example/app:1");

        await PushAsync("reg.example/app:1");

        var sent = Registry.Manifests[("app", "1")];
        Assert.That(Told.First(), Is.EqualTo(new PushBegun(ImageReference.Parse("reg.example/app:1"))));
        Assert.That(Told.Last(), Is.EqualTo(new PushEnded(ImageReference.Parse("reg.example/app:1"), sent.Digest, sent.Content.Length)));
    }

    [Test]
    public async Task A_manifest_is_written_only_where_the_name_does_not_stand_for_it_yet()
    {
        Put("app", "reg.example/app:1");
        await PushAsync("reg.example/app:1");
        await PushAsync("reg.example/app:1");
        Assert.That(Registry.Written, Has.Count.EqualTo(1));

        Registry.Add("app", "1", "amd64", "of somebody else");
        await PushAsync("reg.example/app:1");

        Assert.That(Registry.Written, Has.Count.EqualTo(2));
        Assert.That(Registry.Manifests[("app", "1")].Digest, Is.EqualTo(Registry.Written.First()));
    }

    [Test]
    public async Task A_second_push_sends_the_same_manifest_and_no_layer()
    {
        var image = Put("app", "reg.example/app:1");
        await PushAsync("reg.example/app:1");
        var first = Registry.Manifests[("app", "1")].Digest;
        Told.Clear();

        await PushAsync("reg.example/app:1");

        Assert.That(Registry.Manifests[("app", "1")].Digest, Is.EqualTo(first));
        Assert.That(Blobs.Compressed, Has.Count.EqualTo(1));
        Assert.That(Told.OfType<LayerPushed>().Last().Phase, Is.EqualTo(LayerPushPhase.AlreadyThere));
        Assert.That(image.Layers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_a_tag_all_tags_of_the_repository_go()
    {
        Put("app", "reg.example/app:1");
        Put("other", "reg.example/app:2", "reg.example/else:1");

        await PushAsync("reg.example/app");

        Assert.That(Told.OfType<PushEnded>().Select(step => step.Reference.Tag), Is.EqualTo(new[] { "1", "2" }));
        Assert.That(Registry.Manifests.ContainsKey(("else", "1")), Is.False);
    }

    [Test]
    public async Task A_name_of_several_platforms_becomes_an_index_of_them()
    {
        var intel = Put("intel", "reg.example/app:1");
        var arm = PutArm("reg.example/app:1");

        await PushAsync("reg.example/app:1");

        var index = Registry.Manifests[("app", "1")];
        var listed = ImageManifestList.Parse(index.Content).Manifests;
        Assert.That(index.IsIndex, Is.True);
        Assert.That(listed.Select(static one => one.Platform?.ToString()), Is.EqualTo(["linux/amd64", "linux/arm64"]));
        Assert.That(
            listed.Select(one => ImageManifest.Parse(Registry.Manifests[("app", one.Digest.ToString())].Content).Config.Digest), Is.EqualTo([intel.Id, arm.Id]));
        foreach (var image in new[] { intel, arm })
            Assert.That(Store.Find(image.Id)!.RepositoryDigests.Single().ToString(), Is.EqualTo($"reg.example/app@{index.Digest}"));
        Assert.That(Told.Last(), Is.EqualTo(new PushEnded(ImageReference.Parse("reg.example/app:1"), index.Digest, index.Content.Length)));
    }

    [Test]
    public async Task One_platform_of_several_is_sent_alone_when_it_is_asked_for()
    {
        Put("intel", "reg.example/app:1");
        var arm = PutArm("reg.example/app:1");

        await PushAsync("reg.example/app:1", Platform.Parse("linux/arm64"));

        Assert.That(ImageManifest.Parse(Registry.Manifests[("app", "1")].Content).Config.Digest, Is.EqualTo(arm.Id));
        var failure = await Assert.ThrowsAsync<EngineException>(() => PushAsync("reg.example/app:1", Platform.Parse("linux/riscv64")));
        Assert.That(failure!.Message, Does.Contain("wanted linux/riscv64"));
    }

    [Test]
    public async Task A_name_that_no_image_has_is_not_found()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => PushAsync("reg.example/nothing:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure.Message, Is.EqualTo("An image does not exist locally with the tag: reg.example/nothing"));
    }

    [Test]
    public async Task A_tag_that_no_image_of_the_repository_has_is_not_found()
    {
        Put("app", "reg.example/app:1");

        var failure = await Assert.ThrowsAsync<EngineException>(() => PushAsync("reg.example/app:2"));

        Assert.That(failure!.Message, Is.EqualTo("tag does not exist: reg.example/app:2"));
    }

    [Test]
    public async Task The_image_is_known_by_its_repository_digest_afterwards()
    {
        var image = Put("app", "reg.example/app:1");

        await PushAsync("reg.example/app:1");

        var digest = Registry.Manifests[("app", "1")].Digest;
        Assert.That(Store.Find(image.Id)!.RepositoryDigests.Single().ToString(), Is.EqualTo($"reg.example/app@{digest}"));
        Assert.That(Log.Actions, Is.EqualTo(new[] { "image push" }));
    }

    private Image PutArm(string platformTag)
    {
        var image = PlatformSamples.Arm("arm", platformTag) with { Id = Put("arm").Id };
        Store.Replace(image);
        return image;
    }
}
