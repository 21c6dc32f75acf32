using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images.Pull;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Pull;

[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PullImageTests
{
    private readonly FakeRegistry _registry = new();
    private readonly FakeImageStore _store = new();
    private readonly FakeImageIngest _ingest;
    private readonly FakeEventLog _log = new(new FakeClock(Samples.Time));
    private readonly ConcurrentQueue<PullEvent> _queue = new();
    private readonly PullImage _pull;

    public PullImageTests()
    {
        _ingest = new FakeImageIngest(_store);
        var layers = new PullLayers(_store, _ingest, new LayerTransfers(_ingest));
        _pull = new PullImage(
            _registry, _registry, _registry, _registry, _store, _ingest, layers, new FakeHost(), new EventPublisher(_log, new FakeClock(Samples.Time)));
    }

    [TearDown]
    public void Nothing_stays_staged_or_held()
    {
        Assert.That(_ingest.Staged, Is.Zero);
        Assert.That(_ingest.Held, Is.Empty);
    }

    [Test]
    public async Task An_image_comes_with_its_layers_its_tag_and_its_digest()
    {
        var manifest = _registry.Add("library/app", "1", "amd64", "base", "top");

        var image = await PullAsync("app:1");

        Assert.That(image.Layers, Is.EqualTo(new[] { FakeRegistry.DiffIdOf("base"), FakeRegistry.DiffIdOf("top") }));
        Assert.That(image.Tags.Single().Familiar, Is.EqualTo("app:1"));
        Assert.That(image.RepositoryDigests.Single().Familiar, Is.EqualTo($"app@{manifest.Digest}"));
        Assert.That(_store.Layers.Keys, Is.EquivalentTo(image.Layers));
    }

    [Test]
    public async Task The_steps_areTold_in_order()
    {
        var manifest = _registry.Add("library/app", "1", "amd64", "base");

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
        _registry.Add("library/app", "1", "amd64", "base");

        await PullAsync("app:1");

        Assert.That(_log.Events.Single().Action, Is.EqualTo("pull"));
        Assert.That(_log.Events.Single().Id, Is.EqualTo("app:1"));
        Assert.That(_log.Events.Single().Attributes["name"], Is.EqualTo("app"));
    }

    [Test]
    public async Task Signatures_are_wanted_of_the_manifest_or_of_its_list_before_the_configuration_is_read()
    {
        var manifest = _registry.Add("library/app", "a", "amd64", "base");
        var list = _registry.AddList("library/app", "1", ("amd64", manifest));
        _registry.Unproven = "no signature";

        await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(_registry.Proven.Single().Digests, Is.EqualTo([manifest.Digest, list.Digest]));
        Assert.That(_registry.Proven.Single().Reference, Is.EqualTo(ImageReference.Parse("app:1")));
        Assert.That(_registry.Fetched, Is.Empty);
        Assert.That(_store.All, Is.Empty);
    }

    [Test]
    public async Task Of_a_list_this_machines_image_is_taken_and_the_lists_digest_is_its_name()
    {
        var list = _registry.AddList(
            "library/app",
            "1",
            ("arm64", _registry.Add("library/app", "arm", "arm64", "for arm")),
            ("amd64", _registry.Add("library/app", "amd", "amd64", "for amd")));

        var image = await PullAsync("app:1");

        Assert.That(image.Config.Architecture, Is.EqualTo("amd64"));
        Assert.That(image.RepositoryDigests.Single().Digest, Is.EqualTo(list.Digest));
    }

    [Test]
    public async Task Of_a_list_the_platform_asked_for_is_taken()
    {
        _registry.AddList("library/app", "1", ("arm64", _registry.Add("library/app", "arm", "arm64", "for arm")));

        var image = await PullAsync("app:1", platform: Platform.Parse("linux/arm64"));

        Assert.That(image.Config.Architecture, Is.EqualTo("arm64"));
    }

    [Test]
    public async Task An_image_for_another_platform_only_comes_and_is_then_told_to_be_another()
    {
        _registry.Add("library/app", "1", "amd64", "base");

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1", platform: Platform.Parse("linux/arm64")));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure.Message, Is.EqualTo(
            "image with reference docker.io/library/app:1 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64"));
        Assert.That(Told[^1], Is.EqualTo(new PullFinished(ImageReference.Parse("app:1"), IsNew: true)));
        Assert.That(_store.All.Single().Tags.Single().Familiar, Is.EqualTo("app:1"));
    }

    [Test]
    public async Task A_list_without_the_platform_is_not_found_and_says_which()
    {
        _registry.AddList("library/app", "1", ("arm64", _registry.Add("library/app", "arm", "arm64", "for arm")));

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotFound));
        Assert.That(failure.Message, Does.Contain("linux/amd64"));
        Assert.That(Told, Is.Empty);
    }

    [Test]
    public async Task Layers_that_are_there_are_not_fetched()
    {
        _registry.Add("library/app", "1", "amd64", "base");
        _registry.Add("library/app", "2", "amd64", "base", "top");
        await PullAsync("app:1");
        _registry.Fetched.Clear();

        await PullAsync("app:2");

        Assert.That(_registry.Fetched, Does.Not.Contain(FakeRegistry.DigestOf("base"u8.ToArray())));
        Assert.That(Told.OfType<LayerPulled>().Select(step => step.Phase), Does.Contain(LayerPhase.AlreadyThere));
    }

    [Test]
    public async Task A_second_pull_tells_that_the_name_meant_this_image_before()
    {
        _registry.Add("library/app", "1", "amd64", "base");
        await PullAsync("app:1");
        _queue.Clear();

        await PullAsync("app:1");

        Assert.That(Told.Select(step => step.GetType()), Is.EqualTo([typeof(PullBegun), typeof(PullEnded), typeof(PullFinished)]));
        Assert.That(((PullFinished)Told[^1]).IsNew, Is.False);
    }

    [Test]
    public async Task Two_pulls_at_once_share_each_transfer()
    {
        _registry.Add("library/app", "1", "amd64", "base");
        _registry.Add("library/app", "2", "amd64", "base", "top");
        var gate = new TaskCompletionSource();
        var base_ = FakeRegistry.DigestOf("base"u8.ToArray());
        _registry.BeforeBlob = (digest, _) => digest == base_ ? gate.Task : Task.CompletedTask;

        var first = PullAsync("app:1");
        var second = PullAsync("app:2");
        while (Told.OfType<LayerPulled>().Count(step => step.Blob == base_) < 2) await Task.Delay(5);
        gate.SetResult();
        await Task.WhenAll(first, second);

        Assert.That(_registry.Fetched.Count(digest => digest == base_), Is.EqualTo(1));
        Assert.That((await second).Layers, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_pull_that_is_left_does_not_take_the_transfer_from_the_other()
    {
        _registry.Add("library/app", "1", "amd64", "base");
        var gate = new TaskCompletionSource();
        var base_ = FakeRegistry.DigestOf("base"u8.ToArray());
        _registry.BeforeBlob = (digest, stop) => digest == base_ ? gate.Task.WaitAsync(stop) : Task.CompletedTask;
        using var leave = new CancellationTokenSource();

        var first = PullAsync("app:1", cancel: leave.Token);
        var second = PullAsync("app:1");
        while (Told.OfType<LayerPulled>().Count() < 2) await Task.Delay(5);
        await leave.CancelAsync();
        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();

        Assert.That((await second).Tags, Is.Not.Empty);
        Assert.That(_registry.Fetched.Count(digest => digest == base_), Is.EqualTo(1));
    }

    [Test]
    public async Task A_cancelled_pull_leaves_no_image_but_goes_on_later_where_it_was()
    {
        _registry.Add("library/app", "1", "amd64", "base", "top");
        var top = FakeRegistry.DigestOf("top"u8.ToArray());
        using var leave = new CancellationTokenSource();
        _registry.BeforeBlob = (digest, stop) => digest == top ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask;
        var pull = PullAsync("app:1", cancel: leave.Token);
        while (!Told.OfType<LayerPulled>().Any(step => step.Phase == LayerPhase.Downloaded)) await Task.Delay(5);
        await leave.CancelAsync();
        await Assert.ThatAsync(() => pull, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_store.All, Is.Empty);

        _registry.BeforeBlob = (_, _) => Task.CompletedTask;
        _registry.Fetched.Clear();
        await PullAsync("app:1");

        Assert.That(_registry.Fetched, Does.Not.Contain(FakeRegistry.DigestOf("base"u8.ToArray())));
    }

    [Test]
    public async Task A_layer_that_is_not_what_the_configuration_says_fails_the_pull()
    {
        var manifest = _registry.Add("library/app", "1", "amd64", "base");
        _registry.Blobs[("library/app", FakeRegistry.DigestOf("base"u8.ToArray()))] = Encoding.UTF8.GetBytes("evil");

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        Assert.That(_store.All, Is.Empty);
        Assert.That(manifest.Content.Length, Is.Positive);
    }

    [Test]
    public async Task A_configuration_with_other_bytes_fails_the_pull_before_any_step_isTold()
    {
        var manifest = _registry.Add("library/app", "1", "amd64", "base");
        var config = Digest.Parse((string)JsonNode.Parse(manifest.Content.Span)!["config"]!["digest"]!);
        _registry.Blobs[("library/app", config)] = [.. _registry.Blobs[("library/app", config)].Select(one => one == 'a' ? (byte)'b' : one)];

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        Assert.That(Told, Is.Empty);
    }

    [Test]
    public async Task A_mirror_that_is_down_is_passed_over()
    {
        _registry.Add("library/app", "1", "amd64", "base");
        _registry.Mirrors.Add("mirror.example");
        _registry.Down.Add("mirror.example");

        Assert.That((await PullAsync("app:1")).Tags.Single().Familiar, Is.EqualTo("app:1"));
    }

    [Test]
    public async Task What_the_policy_rejects_is_not_even_asked_for()
    {
        _registry.Add("library/app", "1", "amd64", "base");
        _registry.Verdict = new PolicyVerdict(PolicyDecision.Reject, "the default is reject");

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.Forbidden));
        Assert.That(_registry.Fetched, Is.Empty);
    }

    [Test]
    public async Task Without_a_tag_all_tags_come()
    {
        _registry.Add("library/app", "1", "amd64", "base");
        _registry.Add("library/app", "2", "amd64", "top");

        await PullAsync("app");

        Assert.That(_store.All.SelectMany(image => image.Tags).Select(tag => tag.Familiar), Is.EquivalentTo(new[] { "app:1", "app:2" }));
        Assert.That(Told.OfType<PullFinished>().Single().Reference.Familiar, Is.EqualTo("app"));
    }

    [Test]
    public async Task By_digest_no_tag_is_given()
    {
        var manifest = _registry.Add("library/app", "1", "amd64", "base");

        var image = await PullAsync($"app@{manifest.Digest}");

        Assert.That(image.Tags, Is.Empty);
        Assert.That(image.RepositoryDigests.Single().Digest, Is.EqualTo(manifest.Digest));
    }

    [Test]
    public async Task What_is_no_image_is_refused_by_its_type()
    {
        var blob = _registry.PutBlob("library/app", "{}"u8.ToArray());
        _registry.Put("library/app", "1", ManifestTypes.OciManifest, new JsonObject
        {
            ["config"] = new JsonObject { ["mediaType"] = "application/vnd.cncf.helm.config.v1+json", ["digest"] = blob.ToString(), ["size"] = 2 },
            ["layers"] = new JsonArray(),
        });

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotSupported));
        Assert.That(failure.Message, Does.Contain("helm"));
    }

    private PullEvent[] Told => [.. _queue];

    private Task<Image> PullAsync(string name, Platform? platform = null, CancellationToken cancel = default) => _pull.RunAsync(
        new PullImageRequest { Candidates = [ImageReference.Parse(name)], Platform = platform },
        step =>
        {
            _queue.Enqueue(step);
            return ValueTask.CompletedTask;
        },
        cancel);
}
