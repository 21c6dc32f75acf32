using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Push;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Push;

/// <summary>Where the bytes of an image come from that is here without them: as they came where they can be had.</summary>
public sealed class PushSourceTests : PushFixture
{
    [Test]
    public async Task A_pulled_image_keeps_its_digest_in_another_registry()
    {
        var (image, manifest) = Pulled("reg.example/app:1");
        await Store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(Registry.Manifests[("copy", "2")].Digest, Is.EqualTo(manifest.Digest));
        Assert.That(Blobs.Compressed, Is.Empty);
    }

    [Test]
    public async Task A_pulled_image_whose_blobs_are_gone_is_fetched_again_and_keeps_its_digest()
    {
        var (image, manifest) = Pulled("reg.example/app:1");
        Blobs.Kept.Clear();
        await Store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(Registry.Manifests[("copy", "2")].Digest, Is.EqualTo(manifest.Digest));
        Assert.That(Blobs.Compressed, Is.Empty);
        var step = Told.OfType<LayerPushed>().Single(step => step.Phase == LayerPushPhase.Fetching);
        Assert.That(step.From, Is.EqualTo("reg.example/app"));
    }

    [Test]
    public async Task A_pulled_image_whose_blobs_are_gone_everywhere_is_compressed_anew()
    {
        var (image, manifest) = Pulled("reg.example/app:1");
        Blobs.Kept.Clear();
        Registry.Blobs.Remove(("app", image.LayerBlobs[0]), out _);
        await Store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(Registry.Manifests[("copy", "2")].Digest, Is.Not.EqualTo(manifest.Digest));
        Assert.That(Told.OfType<LayerPushed>().Select(step => step.Phase), Does.Contain(LayerPushPhase.CompressingAnew));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_source_that_fails_half_way_or_gives_something_else_is_left_and_the_layer_compressed_anew(bool breaks)
    {
        var (image, manifest) = Pulled("reg.example/app:1", "base", "top");
        Blobs.Kept.Remove(image.LayerBlobs[1]);
        Registry.Content = content => breaks ? new BrokenStream() : new MemoryStream(Encoding.UTF8.GetBytes("xyz"));
        await Store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(Registry.Manifests[("copy", "2")].Digest, Is.Not.EqualTo(manifest.Digest));
        Assert.That(Blobs.Compressed, Is.EqualTo(new[] { image.Layers[1] }));
        Assert.That(Told.OfType<LayerPushed>().Where(step => step.DiffId == image.Layers[1]).Select(step => step.Phase).Distinct(), Is.EqualTo(new[]
        {
            LayerPushPhase.Preparing, LayerPushPhase.Fetching, LayerPushPhase.CompressingAnew, LayerPushPhase.Sent,
        }));
    }

    [Test]
    public async Task What_can_be_had_of_an_image_is_sent_as_it_came_though_another_layer_is_compressed_anew()
    {
        var (image, _) = Pulled("reg.example/app:1", "base", "top");
        Blobs.Kept.Clear();
        Registry.Blobs.Remove(("app", image.LayerBlobs[1]), out _);
        await Store.TagAsync(image.Id, ImageReference.Parse("other.example/copy:2"), CancellationToken.None);

        await PushAsync("other.example/copy:2");

        Assert.That(Blobs.Compressed, Is.EqualTo(new[] { image.Layers[1] }));
        var layers = ImageManifest.Parse(Registry.Manifests[("copy", "2")].Content).Layers;
        Assert.That(layers[0].Blob.Digest, Is.EqualTo(image.LayerBlobs[0]));
    }

    [Test]
    public async Task A_pulled_image_whose_blobs_are_gone_here_but_there_keeps_its_digest()
    {
        var (_, manifest) = Pulled("reg.example/app:1");
        Blobs.Kept.Clear();

        await PushAsync("reg.example/app:1");

        Assert.That(Registry.Manifests[("app", "1")].Digest, Is.EqualTo(manifest.Digest));
        Assert.That(Blobs.Compressed, Is.Empty);
    }

    [Test]
    public async Task A_layer_that_another_repository_of_the_registry_has_is_mounted()
    {
        var (image, _) = Pulled("reg.example/app:1");
        await Store.TagAsync(image.Id, ImageReference.Parse("reg.example/copy:2"), CancellationToken.None);

        await PushAsync("reg.example/copy:2");

        var step = Told.OfType<LayerPushed>().Last();
        Assert.That(step.Phase, Is.EqualTo(LayerPushPhase.Mounted));
        Assert.That(step.From, Is.EqualTo("app"));
    }

    /// <summary>An image as a pull leaves it, its blob kept.</summary>
    private (Image Image, RemoteManifest Manifest) Pulled(string name, params string[] texts)
    {
        if (texts.Length == 0) texts = ["base"];
        var reference = ImageReference.Parse(name);
        var manifest = Registry.Add(reference.Path, reference.Tag!, "amd64", texts);
        var config = Digest.Parse((string)JsonNode.Parse(manifest.Content.Span)!["config"]!["digest"]!);
        Digest[] layerBlobs = [.. texts.Select(text => FakeRegistry.DigestOf(Encoding.UTF8.GetBytes(text)))];
        Store.Blobs[config] = Registry.Blobs[(reference.Path, config)];
        Store.Blobs[manifest.Digest] = manifest.Content.ToArray();
        foreach (var text in texts) Blobs.Kept[FakeRegistry.DigestOf(Encoding.UTF8.GetBytes(text))] = Encoding.UTF8.GetBytes(text);
        var image = Store.Put(Samples.Image(name, name) with
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
}
