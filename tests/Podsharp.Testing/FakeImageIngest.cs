using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Testing;

/// <summary>Takes in the layers of <see cref="FakeRegistry"/>, whose blobs are plain texts.</summary>
public sealed class FakeImageIngest(FakeImageStore images) : IImageIngest
{
    private int _staged;

    /// <summary>Layers that are staged now.</summary>
    public int Staged => _staged;

    /// <summary>Digests held now.</summary>
    public HashSet<Digest> Held { get; } = [];

    public (ImageConfig Config, IReadOnlyList<Digest> Layers) ReadConfig(ReadOnlyMemory<byte> blob)
    {
        var json = JsonNode.Parse(blob.Span)!;
        return (new ImageConfig { Architecture = (string)json["architecture"]! }, [.. json["rootfs"]!["diff_ids"]!.AsArray().Select(id => Digest.Parse((string)id!))]);
    }

    public IDisposable Hold(IReadOnlyCollection<Digest> diffIds)
    {
        lock (Held) Held.UnionWith(diffIds);
        return new Undo(() =>
        {
            lock (Held) Held.ExceptWith(diffIds);
        });
    }

    public async Task<IStagedLayer> StageLayerAsync(Stream blob, Digest blobDigest, Digest diffId, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await blob.CopyToAsync(content, cancellationToken);
        if (FakeRegistry.DigestOf(content.ToArray()) != blobDigest || FakeRegistry.DiffIdOf(Encoding.UTF8.GetString(content.ToArray())) != diffId)
            throw new EngineException(ErrorKind.InvalidData, $"layer {blobDigest} was sent with other content");
        Interlocked.Increment(ref _staged);
        return new FakeStagedLayer(new Layer(diffId, content.Length, content.Length), blobDigest, () => Interlocked.Decrement(ref _staged));
    }

    public Task KeepAsync(IReadOnlyList<IStagedLayer> layers, CancellationToken cancellationToken)
    {
        foreach (var layer in layers) images.Layers[layer.Layer.DiffId] = layer.Layer;
        return Task.CompletedTask;
    }

    public async Task<Image> CommitAsync(IngestedImage image, CancellationToken cancellationToken)
    {
        await KeepAsync(image.Layers, cancellationToken);
        var (config, layers) = ReadConfig(image.Config);
        if (layers.Any(layer => !images.Layers.ContainsKey(layer))) throw EngineException.InvalidInput("a layer is missing");
        images.Blobs[FakeRegistry.DigestOf(image.Config.ToArray())] = image.Config.ToArray();
        images.Blobs[FakeRegistry.DigestOf(image.Manifest.ToArray())] = image.Manifest.ToArray();
        return images.Put(new Image
        {
            Id = Digest.FromHash(SHA256.HashData(image.Config.Span)),
            ManifestDigest = Digest.FromHash(SHA256.HashData(image.Manifest.Span)),
            ManifestMediaType = image.ManifestMediaType,
            Layers = layers,
            LayerBlobs = image.LayerBlobs,
            Tags = image.Tags,
            RepositoryDigests = image.RepositoryDigests,
            Config = config,
        });
    }

    private sealed class FakeStagedLayer(Layer layer, Digest blob, Action removed) : IStagedLayer
    {
        public Layer Layer => layer;

        public Digest Blob => blob;

        public void Dispose() => removed();
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
