using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Core.Storage;
using Podsharp.Engine.Images.Push;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.System;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CheckStoreTests
{
    private readonly FakeCheck _check = new();
    private readonly FakeImageStore _images = new();
    private readonly FakeContainerStore _containers = new();
    private readonly FakeRegistry _registry = new();
    private readonly List<CheckedPart> _told = [];
    private readonly Image _image;

    public CheckStoreTests()
    {
        _image = _images.Put(Samples.Image("one", "app:1") with { ManifestDigest = Samples.Digest("manifest"), LayerBlobs = [Samples.Digest("cached")] });
        _check.Layers.AddRange(_image.Layers);
        _check.Blobs.AddRange([_image.Id, Samples.Digest("manifest"), Samples.Digest("cached")]);
    }

    [Test]
    public async Task A_sound_store_is_counted_and_left_alone()
    {
        Assert.That(await RunAsync(repair: true), Is.EqualTo(new CheckReport(1, 3, 0)));
        Assert.That(_check.Dropped, Is.Empty);
    }

    [Test]
    public async Task Damage_is_told_with_the_images_that_need_it_and_kept_without_repair()
    {
        _check.Faults[_image.Layers[0]] = "it is shorter than it was";

        Assert.That((await RunAsync(repair: false)).Faults, Is.EqualTo(1));

        var part = _told.Single();
        Assert.That((part.Kind, part.Digest, part.Fault, part.Dropped), Is.EqualTo((PartKind.Layer, _image.Layers[0], "it is shorter than it was", false)));
        Assert.That(part.Images, Is.EqualTo(new[] { "app:1" }));
        Assert.That(_check.Dropped, Is.Empty);
    }

    [Test]
    public async Task Repair_drops_what_is_damaged()
    {
        _check.Faults[_image.Layers[0]] = "bad";
        _check.Faults[Samples.Digest("cached")] = "bad";

        await RunAsync(repair: true);

        Assert.That(_check.Dropped, Is.EqualTo(new[] { Samples.Digest("cached"), _image.Layers[0] }));
        Assert.That(_told.All(part => part.Dropped), Is.True);
    }

    [Test]
    public async Task A_layer_under_a_running_container_is_not_dropped()
    {
        _check.Faults[_image.Layers[0]] = "bad";
        _containers.Put(Samples.Container("busy", _image, ContainerPhase.Running));

        await RunAsync(repair: true);

        Assert.That(_check.Dropped, Is.Empty);
        Assert.That(_told.Single().Obstacle, Does.Contain("busy"));
    }

    [Test]
    public async Task What_an_image_needs_and_the_store_has_not_is_a_fault_but_not_a_layers_blob()
    {
        _check.Layers.Clear();
        _check.Blobs.RemoveAll(blob => blob != _image.Id);

        var report = await RunAsync(repair: true);

        Assert.That(report.Faults, Is.EqualTo(2));
        Assert.That(_told.Select(part => (part.Kind, part.Digest)), Is.EqualTo(new[] { (PartKind.Blob, Samples.Digest("manifest")), (PartKind.Layer, _image.Layers[0]) }));
    }

    [Test]
    public async Task Repair_fetches_layer_configuration_and_manifest_again_from_where_the_image_is_known()
    {
        var manifest = _registry.Add("app", "1", "amd64", "layer");
        var parsed = ImageManifest.Parse(manifest.Content);
        var layer = FakeRegistry.DiffIdOf("layer");
        _images.Blobs[manifest.Digest] = manifest.Content.ToArray();
        _images.Put(Samples.Image("pulled") with
        {
            Id = parsed.Config.Digest, ManifestDigest = manifest.Digest, Layers = [layer], LayerBlobs = [parsed.Layers[0].Blob.Digest],
            RepositoryDigests = [ImageReference.Parse("r.example/app").WithDigest(manifest.Digest)],
        });
        _check.Layers.Add(layer);
        _check.Blobs.AddRange([parsed.Config.Digest, manifest.Digest]);
        foreach (var part in new[] { layer, parsed.Config.Digest, manifest.Digest }) _check.Faults[part] = "bad";

        await RunAsync(repair: true);

        Assert.That(_check.Replaced, Is.EqualTo(new[] { parsed.Config.Digest, manifest.Digest, layer }));
        Assert.That(_told.Select(static part => part.FetchedFrom), Is.All.EqualTo("r.example/app"));
        Assert.That(_check.Dropped, Is.Empty);
    }

    [Test]
    public async Task Repair_drops_what_the_registry_sends_with_other_content()
    {
        var manifest = _registry.Add("app", "1", "amd64", "layer");
        var blob = ImageManifest.Parse(manifest.Content).Layers[0].Blob;
        var layer = FakeRegistry.DiffIdOf("layer");
        _registry.Blobs[("app", blob.Digest)] = "other"u8.ToArray();
        _images.Blobs[manifest.Digest] = manifest.Content.ToArray();
        _images.Put(Samples.Image("pulled") with
        {
            ManifestDigest = manifest.Digest, Layers = [layer], LayerBlobs = [blob.Digest],
            RepositoryDigests = [ImageReference.Parse("r.example/app").WithDigest(manifest.Digest)],
        });
        _check.Layers.Add(layer);
        _check.Blobs.AddRange([Samples.Digest("pulled"), manifest.Digest]);
        _check.Faults[layer] = "bad";

        await RunAsync(repair: true);

        Assert.That(_check.Dropped, Is.EqualTo(new[] { layer }));
    }

    private Task<CheckReport> RunAsync(bool repair) =>
        new CheckStore(_check, _images, _containers, new FetchAgain(_check, _images, new FakeImageIngest(_images), new BlobSources(_registry, _registry, _registry))).RunAsync(repair, _told.Add, TestContext.CurrentContext.CancellationToken);

    private sealed class FakeCheck : IStoreCheck
    {
        public List<Digest> Layers { get; } = [];

        public List<Digest> Blobs { get; } = [];

        public Dictionary<Digest, string> Faults { get; } = [];

        public List<Digest> Dropped { get; } = [];

        IReadOnlyList<Digest> IStoreCheck.Layers => Layers;

        IReadOnlyList<Digest> IStoreCheck.Blobs => Blobs;

        public Task<string?> FaultOfLayerAsync(Digest diffId, CancellationToken cancellationToken) => Task.FromResult(Faults.GetValueOrDefault(diffId));

        public Task<string?> FaultOfBlobAsync(Digest digest, CancellationToken cancellationToken) =>
            Task.FromResult(Faults.GetValueOrDefault(digest) ?? (Blobs.Contains(digest) ? null : "it is missing"));

        public Task DropLayerAsync(Digest diffId, CancellationToken cancellationToken) => Drop(diffId);

        public Task DropBlobAsync(Digest digest, CancellationToken cancellationToken) => Drop(digest);

        public List<Digest> Replaced { get; } = [];

        public Task ReplaceLayerAsync(IStagedLayer layer, CancellationToken cancellationToken)
        {
            Replaced.Add(layer.Layer.DiffId);
            return Task.CompletedTask;
        }

        public Task ReplaceBlobAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            Replaced.Add(FakeRegistry.DigestOf(content.ToArray()));
            return Task.CompletedTask;
        }

        private Task Drop(Digest digest)
        {
            Dropped.Add(digest);
            return Task.CompletedTask;
        }
    }
}
