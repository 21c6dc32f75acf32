using System.Text.Json.Nodes;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Pull;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Pull;

public sealed class PullImageTests : PullFixture
{
    [Test]
    public async Task An_image_comes_with_its_layers_its_tag_and_its_digest()
    {
        var manifest = Registry.Add("library/app", "1", "amd64", "base", "top");

        var image = await PullAsync("app:1");

        Assert.That(image.Layers, Is.EqualTo(new[] { FakeRegistry.DiffIdOf("base"), FakeRegistry.DiffIdOf("top") }));
        Assert.That(image.Tags.Single().Familiar, Is.EqualTo("app:1"));
        Assert.That(image.RepositoryDigests.Single().Familiar, Is.EqualTo($"app@{manifest.Digest}"));
        Assert.That(Store.Layers.Keys, Is.EquivalentTo(image.Layers));
    }

    [Test]
    public async Task The_steps_are_told_in_order()
    {
        var manifest = Registry.Add("library/app", "1", "amd64", "base");

        var image = await PullAsync("app:1");

        var blob = FakeRegistry.DigestOf("base"u8.ToArray());
        Assert.That(Told[0], Is.EqualTo(new PullBegun(ImageReference.Parse("app:1"))));
        Assert.That(Told[1], Is.EqualTo(new LayerPulled(blob, LayerPhase.Waiting, 0, 4)));
        Assert.That(Told[^3], Is.EqualTo(new LayerPulled(blob, LayerPhase.Complete, 4, 4)));
        Assert.That(Told[^1], Is.EqualTo(new PullFinished(ImageReference.Parse("app:1"), IsNew: true)));
        Assert.That(Told[^2], Is.EqualTo(new PullEnded(ImageReference.Parse("app:1"), manifest.Digest, image, IsNew: true)));
    }

    [Test]
    public async Task The_event_names_the_reference()
    {
        Registry.Add("library/app", "1", "amd64", "base");

        await PullAsync("app:1");

        Assert.That(Log.Events.Single().Action, Is.EqualTo("pull"));
        Assert.That(Log.Events.Single().Id, Is.EqualTo("app:1"));
        Assert.That(Log.Events.Single().Attributes["name"], Is.EqualTo("app"));
    }

    [Test]
    public async Task Signatures_are_wanted_of_the_manifest_or_of_its_list_before_the_configuration_is_read()
    {
        var manifest = Registry.Add("library/app", "a", "amd64", "base");
        var list = Registry.AddList("library/app", "1", ("amd64", manifest));
        Registry.Unproven = "no signature";

        await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(Registry.Proven.Single().Digests, Is.EqualTo([manifest.Digest, list.Digest]));
        Assert.That(Registry.Proven.Single().Reference, Is.EqualTo(ImageReference.Parse("app:1")));
        Assert.That(Registry.Fetched, Is.Empty);
        Assert.That(Store.All, Is.Empty);
    }

    [Test]
    public async Task A_second_pull_tells_that_the_name_meant_this_image_before()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        await PullAsync("app:1");
        Forget();

        await PullAsync("app:1");

        Assert.That(Told.Select(step => step.GetType()), Is.EqualTo([typeof(PullBegun), typeof(PullEnded), typeof(PullFinished)]));
        Assert.That(((PullFinished)Told[^1]).IsNew, Is.False);
    }

    [Test]
    public async Task A_configuration_with_other_bytes_fails_the_pull_before_any_step_is_told()
    {
        var manifest = Registry.Add("library/app", "1", "amd64", "base");
        var config = Digest.Parse((string)JsonNode.Parse(manifest.Content.Span)!["config"]!["digest"]!);
        Registry.Blobs[("library/app", config)] = [.. Registry.Blobs[("library/app", config)].Select(one => one == 'a' ? (byte)'b' : one)];

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        Assert.That(Told, Is.Empty);
    }

    [Test]
    public async Task A_mirror_that_is_down_is_passed_over()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        Registry.Mirrors.Add("mirror.example");
        Registry.Down.Add("mirror.example");

        Assert.That((await PullAsync("app:1")).Tags.Single().Familiar, Is.EqualTo("app:1"));
    }

    [Test]
    public async Task What_the_policy_rejects_is_not_even_asked_for()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        Registry.Verdict = new PolicyVerdict(PolicyDecision.Reject, "the default is reject");

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.Forbidden));
        Assert.That(Registry.Fetched, Is.Empty);
    }

    [Test]
    public async Task Without_a_tag_all_tags_come()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        Registry.Add("library/app", "2", "amd64", "top");

        await PullAsync("app");

        Assert.That(Store.All.SelectMany(image => image.Tags).Select(tag => tag.Familiar), Is.EquivalentTo(new[] { "app:1", "app:2" }));
        Assert.That(Told.OfType<PullFinished>().Single().Reference.Familiar, Is.EqualTo("app"));
    }

    [Test]
    public async Task By_digest_no_tag_is_given()
    {
        var manifest = Registry.Add("library/app", "1", "amd64", "base");

        var image = await PullAsync($"app@{manifest.Digest}");

        Assert.That(image.Tags, Is.Empty);
        Assert.That(image.RepositoryDigests.Single().Digest, Is.EqualTo(manifest.Digest));
    }

    [Test]
    public async Task What_is_no_image_is_refused_by_its_type()
    {
        var blob = Registry.PutBlob("library/app", "{}"u8.ToArray());
        Registry.Put("library/app", "1", ManifestTypes.OciManifest, new JsonObject
        {
            ["config"] = new JsonObject { ["mediaType"] = "application/vnd.cncf.helm.config.v1+json", ["digest"] = blob.ToString(), ["size"] = 2 },
            ["layers"] = new JsonArray(),
        });

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotSupported));
        Assert.That(failure.Message, Does.Contain("helm"));
    }
}
