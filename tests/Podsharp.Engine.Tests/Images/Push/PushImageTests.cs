using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Push;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Push;

[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PushImageTests
{
    private readonly FakeRegistry _registry = new();
    private readonly FakeImageStore _store = new();
    private readonly FakeLayerBlobs _blobs;
    private readonly FakeEventLog _log = new(new FakeClock(Samples.Time));
    private readonly ConcurrentQueue<PushEvent> _told = new();
    private readonly PushImage _push;

    public PushImageTests()
    {
        _blobs = new FakeLayerBlobs(_store);
        _push = new PushImage(
            _registry, _registry, _registry, _store, new ImageLookup(_store), _blobs, new PushLayers(_store, _blobs, new BlobSources(_registry, _registry, _registry)), new EventPublisher(_log, new FakeClock(Samples.Time)));
    }

    [TearDown]
    public void Nothing_stays_held() => Assert.That(_blobs.Held, Is.Zero);

    [Test]
    public async Task An_image_without_blobs_is_compressed_and_arrives_whole()
    {
        var image = Put("app", "reg.example/app:1");

        await PushAsync("reg.example/app:1");

        var manifest = ImageManifest.Parse(_registry.Manifests[("app", "1")].Content);
        Assert.That(manifest.Config.Digest, Is.EqualTo(image.Id));
        Assert.That(_registry.Blobs.ContainsKey(("app", image.Id)), Is.True);
        Assert.That(manifest.Layers.Single().MediaType, Does.EndWith("tar.gzip"));
        Assert.That(_registry.Blobs.ContainsKey(("app", manifest.Layers.Single().Blob.Digest)), Is.True);
        Assert.That(_blobs.Compressed, Is.EqualTo(image.Layers));
    }

    [Test]
    public async Task The_last_step_tells_tag_digest_and_size_of_the_manifest()
    {
        Put("app", "reg.example/app:1");

        await PushAsync("reg.example/app:1");

        var sent = _registry.Manifests[("app", "1")];
        Assert.That(_told.First(), Is.EqualTo(new PushBegun(ImageReference.Parse("reg.example/app:1"))));
        Assert.That(_told.Last(), Is.EqualTo(new PushEnded(ImageReference.Parse("reg.example/app:1"), sent.Digest, sent.Content.Length)));
    }

    [Test]
    public async Task A_manifest_is_written_only_where_the_name_does_not_stand_for_it_yet()
    {
        Put("app", "reg.example/app:1");
        await PushAsync("reg.example/app:1");
        await PushAsync("reg.example/app:1");
        Assert.That(_registry.Written, Has.Count.EqualTo(1));

        _registry.Add("app", "1", "amd64", "of somebody else");
        await PushAsync("reg.example/app:1");

        Assert.That(_registry.Written, Has.Count.EqualTo(2));
        Assert.That(_registry.Manifests[("app", "1")].Digest, Is.EqualTo(_registry.Written.First()));
    }

    [Test]
    public async Task A_second_push_sends_the_same_manifest_and_no_layer()
    {
        var image = Put("app", "reg.example/app:1");
        await PushAsync("reg.example/app:1");
        var first = _registry.Manifests[("app", "1")].Digest;
        _told.Clear();

        await PushAsync("reg.example/app:1");

        Assert.That(_registry.Manifests[("app", "1")].Digest, Is.EqualTo(first));
        Assert.That(_blobs.Compressed, Has.Count.EqualTo(1));
        Assert.That(_told.OfType<LayerPushed>().Last().Phase, Is.EqualTo(LayerPushPhase.AlreadyThere));
        Assert.That(image.Layers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_pulled_image_keeps_its_digest_in_another_registry()
    {
        var (image, manifest) = Pulled("reg.example/app:1");
        await _store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(_registry.Manifests[("copy", "2")].Digest, Is.EqualTo(manifest.Digest));
        Assert.That(_blobs.Compressed, Is.Empty);
    }

    [Test]
    public async Task A_pulled_image_whose_blobs_are_gone_is_fetched_again_and_keeps_its_digest()
    {
        var (image, manifest) = Pulled("reg.example/app:1");
        _blobs.Kept.Clear();
        await _store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(_registry.Manifests[("copy", "2")].Digest, Is.EqualTo(manifest.Digest));
        Assert.That(_blobs.Compressed, Is.Empty);
        var step = _told.OfType<LayerPushed>().Single(step => step.Phase == LayerPushPhase.Fetching);
        Assert.That(step.From, Is.EqualTo("reg.example/app"));
    }

    [Test]
    public async Task A_pulled_image_whose_blobs_are_gone_everywhere_is_compressed_anew()
    {
        var (image, manifest) = Pulled("reg.example/app:1");
        _blobs.Kept.Clear();
        _registry.Blobs.Remove(("app", image.LayerBlobs[0]), out _);
        await _store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(_registry.Manifests[("copy", "2")].Digest, Is.Not.EqualTo(manifest.Digest));
        Assert.That(_told.OfType<LayerPushed>().Select(step => step.Phase), Does.Contain(LayerPushPhase.CompressingAnew));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_source_that_fails_half_way_or_gives_something_else_is_left_and_the_layer_compressed_anew(bool breaks)
    {
        var (image, manifest) = Pulled("reg.example/app:1", "base", "top");
        _blobs.Kept.Remove(image.LayerBlobs[1]);
        _registry.Content = content => breaks ? new BrokenStream() : new MemoryStream(Encoding.UTF8.GetBytes("xyz"));
        await _store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(_registry.Manifests[("copy", "2")].Digest, Is.Not.EqualTo(manifest.Digest));
        Assert.That(_blobs.Compressed, Is.EqualTo(new[] { image.Layers[1] }));
        Assert.That(_told.OfType<LayerPushed>().Where(step => step.DiffId == image.Layers[1]).Select(step => step.Phase).Distinct(), Is.EqualTo(new[]
        {
            LayerPushPhase.Preparing, LayerPushPhase.Fetching, LayerPushPhase.CompressingAnew, LayerPushPhase.Sent,
        }));
    }

    [Test]
    public async Task What_can_be_had_of_an_image_is_sent_as_it_came_though_another_layer_is_compressed_anew()
    {
        var (image, _) = Pulled("reg.example/app:1", "base", "top");
        _blobs.Kept.Clear();
        _registry.Blobs.Remove(("app", image.LayerBlobs[1]), out _);
        await _store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(_blobs.Compressed, Is.EqualTo(new[] { image.Layers[1] }));
        var layers = ImageManifest.Parse(_registry.Manifests[("copy", "2")].Content).Layers;
        Assert.That(layers[0].Blob.Digest, Is.EqualTo(image.LayerBlobs[0]));
    }

    [Test]
    public async Task A_pulled_image_whose_blobs_are_gone_here_but_there_keeps_its_digest()
    {
        var (_, manifest) = Pulled("reg.example/app:1");
        _blobs.Kept.Clear();

        await PushAsync("reg.example/app:1");

        Assert.That(_registry.Manifests[("app", "1")].Digest, Is.EqualTo(manifest.Digest));
        Assert.That(_blobs.Compressed, Is.Empty);
    }

    [Test]
    public async Task A_layer_that_another_repository_of_the_registry_has_is_mounted()
    {
        var (image, _) = Pulled("reg.example/app:1");
        await _store.TagAsync(image.Id, ImageReference.Parse("reg.example/copy:2"), CancellationToken.None);

        await PushAsync("reg.example/copy:2");

        var step = _told.OfType<LayerPushed>().Last();
        Assert.That(step.Phase, Is.EqualTo(LayerPushPhase.Mounted));
        Assert.That(step.From, Is.EqualTo("app"));
    }

    [Test]
    public async Task Without_a_tag_all_tags_of_the_repository_go()
    {
        Put("app", "reg.example/app:1");
        Put("other", "reg.example/app:2", "reg.example/else:1");

        await PushAsync("reg.example/app");

        Assert.That(_told.OfType<PushEnded>().Select(step => step.Reference.Tag), Is.EqualTo(new[] { "1", "2" }));
        Assert.That(_registry.Manifests.ContainsKey(("else", "1")), Is.False);
    }

    [Test]
    public async Task A_name_of_several_platforms_becomes_an_index_of_them()
    {
        var intel = Put("intel", "reg.example/app:1");
        var arm = PutArm("reg.example/app:1");

        await PushAsync("reg.example/app:1");

        var index = _registry.Manifests[("app", "1")];
        var listed = ImageManifestList.Parse(index.Content).Manifests;
        Assert.That(index.IsIndex, Is.True);
        Assert.That(listed.Select(static one => one.Platform?.ToString()), Is.EqualTo(["linux/amd64", "linux/arm64"]));
        Assert.That(
            listed.Select(one => ImageManifest.Parse(_registry.Manifests[("app", one.Digest.ToString())].Content).Config.Digest), Is.EqualTo([intel.Id, arm.Id]));
        foreach (var image in new[] { intel, arm })
            Assert.That(_store.Find(image.Id)!.RepositoryDigests.Single().ToString(), Is.EqualTo($"reg.example/app@{index.Digest}"));
        Assert.That(_told.Last(), Is.EqualTo(new PushEnded(ImageReference.Parse("reg.example/app:1"), index.Digest, index.Content.Length)));
    }

    [Test]
    public async Task One_platform_of_several_is_sent_alone_when_it_is_asked_for()
    {
        Put("intel", "reg.example/app:1");
        var arm = PutArm("reg.example/app:1");

        await PushAsync("reg.example/app:1", Platform.Parse("linux/arm64"));

        Assert.That(ImageManifest.Parse(_registry.Manifests[("app", "1")].Content).Config.Digest, Is.EqualTo(arm.Id));
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

        var digest = _registry.Manifests[("app", "1")].Digest;
        Assert.That(_store.Find(image.Id)!.RepositoryDigests.Single().ToString(), Is.EqualTo($"reg.example/app@{digest}"));
        Assert.That(_log.Actions, Is.EqualTo(new[] { "image push" }));
    }

    private Image PutArm(string platformTag)
    {
        var image = PlatformSamples.Arm("arm", platformTag) with { Id = Put("arm").Id };
        _store.Replace(image);
        return image;
    }

    private Image Put(string name, params string[] tags)
    {
        var image = _store.Put(Samples.Image(name, tags) with { Id = FakeRegistry.DigestOf(Encoding.UTF8.GetBytes("config of " + name)) });
        _store.Blobs[image.Id] = Encoding.UTF8.GetBytes("config of " + name);
        return image;
    }

    /// <summary>An image as a pull leaves it, its blob kept.</summary>
    private (Image Image, RemoteManifest Manifest) Pulled(string name, params string[] texts)
    {
        if (texts.Length == 0) texts = ["base"];
        var reference = ImageReference.Parse(name);
        var manifest = _registry.Add(reference.Path, reference.Tag!, "amd64", texts);
        var config = Digest.Parse((string)JsonNode.Parse(manifest.Content.Span)!["config"]!["digest"]!);
        Digest[] layerBlobs = [.. texts.Select(text => FakeRegistry.DigestOf(Encoding.UTF8.GetBytes(text)))];
        _store.Blobs[config] = _registry.Blobs[(reference.Path, config)];
        _store.Blobs[manifest.Digest] = manifest.Content.ToArray();
        foreach (var text in texts) _blobs.Kept[FakeRegistry.DigestOf(Encoding.UTF8.GetBytes(text))] = Encoding.UTF8.GetBytes(text);
        var image = _store.Put(Samples.Image(name, name) with
        {
            Id = config,
            Layers = [.. texts.Select(FakeRegistry.DiffIdOf)],
            LayerBlobs = layerBlobs,
            ManifestDigest = manifest.Digest,
            ManifestMediaType = manifest.MediaType,
            RepositoryDigests = [reference.WithDigest(manifest.Digest)],
        });
        return (image, manifest);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("broken");
    }

    private Task PushAsync(string name, Platform? platform = null) => _push.RunAsync(
        new PushImageRequest { Name = ImageReference.Parse(name), Platform = platform },
        step =>
        {
            _told.Enqueue(step);
            return ValueTask.CompletedTask;
        },
        CancellationToken.None);
}
