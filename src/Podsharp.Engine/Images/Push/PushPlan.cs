using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

/// <param name="LayerBlobs">Base first.</param>
internal sealed record SentImage(RemoteManifest Manifest, IReadOnlyList<Digest> LayerBlobs);

/// <summary>How an image is sent: with the manifest it has where every blob of that can be had, else with a new one.</summary>
internal sealed record PushPlan(RemoteManifest? Manifest, IReadOnlyList<PlannedLayer> Layers) : IDisposable
{
    private const string ConfigType = "application/vnd.docker.container.image.v1+json";
    private const string LayerType = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <param name="find">Looks for a blob elsewhere.</param>
    public static async Task<PushPlan> MakeAsync(
        IRemoteRepository repository,
        Image image,
        IImageStore images,
        ILayerBlobs blobs,
        Func<BlobDescriptor, Task<RemoteBlob?>> find,
        CancellationToken cancellationToken)
    {
        var layers = new List<PlannedLayer>();
        try
        {
            if (Original(image, images) is not { } original)
            {
                layers.AddRange(image.Layers.Select(diffId => new PlannedLayer(diffId) { Kept = CompressedBlobOf(diffId, images, blobs) }));
                return new PushPlan(null, layers);
            }

            foreach (var (diffId, layer) in image.Layers.Zip(original.Manifest.Layers))
                layers.Add(await WayOfAsync(diffId, layer.Blob, repository, blobs, find, cancellationToken));
            if (layers.TrueForAll(static layer => layer.HasBlob)) return new PushPlan(original.Document, layers);

            // The manifest is a new one then, and of a kind that names gzip blobs only.
            for (var i = 0; i < layers.Count; i++)
            {
                if (layers[i].HasBlob && IsGzip(original.Manifest.Layers[i])) continue;
                layers[i].Kept?.Dispose();
                layers[i] = new PlannedLayer(layers[i].DiffId) { Kept = CompressedBlobOf(layers[i].DiffId, images, blobs), IsLost = layers[i].IsLost };
            }

            return new PushPlan(null, layers);
        }
        catch
        {
            foreach (var layer in layers) layer.Kept?.Dispose();
            throw;
        }
    }

    /// <summary>Repositories of the same registry that are known to have a blob, by images that are known under their names.</summary>
    public static IReadOnlyList<string> RepositoriesWith(IImageStore images, RegistryEndpoint endpoint, Digest blob) =>
    [
        .. images.All.Where(image => image.LayerBlobs.Contains(blob))
            .SelectMany(static image => image.RepositoryDigests)
            .Where(name => name.Registry == endpoint.Host && name.Path != endpoint.Repository)
            .Select(static name => name.Path).Distinct(),
    ];

    public void Dispose()
    {
        foreach (var layer in Layers) layer.Kept?.Dispose();
    }

    public SentImage Finish(Image image, IImageStore images, IReadOnlyList<BlobDescriptor> sent)
    {
        Digest[] layerBlobs = [.. sent.Select(static blob => blob.Digest)];
        if (Manifest is not null) return new SentImage(Manifest, layerBlobs);
        var content = Write(new BlobDescriptor(image.Id, images.ReadBlob(image.Id)!.Length), sent);
        var digest = Digest.FromHash(SHA256.HashData(content.Span));
        return new SentImage(new RemoteManifest(digest, ManifestTypes.Schema2Manifest, content), layerBlobs);
    }

    // Layers as plain tars are a form of archives; registries are given compressed ones.
    private static (RemoteManifest Document, ImageManifest Manifest)? Original(Image image, IImageStore images)
    {
        if (image.ManifestDigest is not { } digest || image.ManifestMediaType is not { } type || images.ReadBlob(digest) is not { } content) return null;
        try
        {
            var manifest = ImageManifest.Parse(content);
            return manifest.Layers.Count == image.Layers.Count && manifest.Layers.All(static layer => !layer.MediaType.EndsWith(".tar", StringComparison.Ordinal))
                ? (new RemoteManifest(digest, type, content), manifest)
                : null;
        }
        catch (EngineException)
        {
            return null;
        }
    }

    private static async Task<PlannedLayer> WayOfAsync(
        Digest diffId,
        BlobDescriptor blob,
        IRemoteRepository repository,
        ILayerBlobs blobs,
        Func<BlobDescriptor, Task<RemoteBlob?>> find,
        CancellationToken cancellationToken)
    {
        var planned = new PlannedLayer(diffId);
        if (blobs.Find(blob.Digest) is { } held) return planned with { Kept = held };
        if (await repository.FindBlobAsync(blob.Digest, cancellationToken) is not null) return planned with { Known = blob };
        return await find(blob) is { } source ? planned with { Source = source } : planned with { IsLost = true };
    }

    /// <summary>A gzip blob of the layer that an image brought.</summary>
    private static IHeldBlob? CompressedBlobOf(Digest diffId, IImageStore images, ILayerBlobs blobs)
    {
        foreach (var image in images.All)
        {
            var at = image.Layers.ToList().IndexOf(diffId);
            if (at < 0 || at >= image.LayerBlobs.Count || image.LayerBlobs[at] == diffId) continue;
            if (Original(image, images) is not { } original || !IsGzip(original.Manifest.Layers[at])) continue;
            if (blobs.Find(image.LayerBlobs[at]) is { } held) return held;
        }

        return null;
    }

    private static bool IsGzip(LayerDescriptor layer) => layer.MediaType.EndsWith("gzip", StringComparison.Ordinal);

    private static ReadOnlyMemory<byte> Write(BlobDescriptor config, IReadOnlyList<BlobDescriptor> layers)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, IndentSize = 3 }))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", ManifestTypes.Schema2Manifest);
            json.WritePropertyName("config");
            WriteDescriptor(json, ConfigType, config);
            json.WriteStartArray("layers");
            foreach (var layer in layers) WriteDescriptor(json, LayerType, layer);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static void WriteDescriptor(Utf8JsonWriter json, string type, BlobDescriptor blob)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", type);
        json.WriteNumber("size", blob.Size);
        json.WriteString("digest", blob.Digest.ToString());
        json.WriteEndObject();
    }
}
