using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

/// <summary>One layer to be sent.</summary>
/// <param name="Blob">The blob it should be sent as; null: a new one is made.</param>
/// <param name="Known">The repository has it already.</param>
internal sealed record PlannedLayer(Digest DiffId, Digest? Blob, BlobDescriptor? Known);

/// <param name="LayerBlobs">Base first.</param>
internal sealed record SentImage(RemoteManifest Manifest, IReadOnlyList<Digest> LayerBlobs);

/// <summary>How an image is sent: with the manifest it has where every blob of that can be had, else with a new one.</summary>
internal sealed record PushPlan(RemoteManifest? Manifest, IReadOnlyList<PlannedLayer> Layers)
{
    private const string ConfigType = "application/vnd.docker.container.image.v1+json";
    private const string LayerType = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    public static async Task<PushPlan> MakeAsync(
        IRemoteRepository repository, Image image, IImageStore images, ILayerBlobs blobs, CancellationToken cancellationToken)
    {
        if (Original(image, images) is { } original && await KeepAsync(repository, image, original, blobs, cancellationToken) is { } kept) return kept;
        return new PushPlan(null, [.. image.Layers.Select(diffId => new PlannedLayer(diffId, CompressedBlobOf(diffId, images, blobs), null))]);
    }

    /// <summary>Repositories of the same registry that are known to have a blob, by images that are known under their names.</summary>
    public static IReadOnlyList<string> RepositoriesWith(IImageStore images, RegistryEndpoint endpoint, Digest blob) =>
    [
        .. images.All.Where(image => image.LayerBlobs.Contains(blob))
            .SelectMany(static image => image.RepositoryDigests)
            .Where(name => name.Registry == endpoint.Host && name.Path != endpoint.Repository)
            .Select(static name => name.Path).Distinct(),
    ];

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

    private static async Task<PushPlan?> KeepAsync(
        IRemoteRepository repository, Image image, (RemoteManifest Document, ImageManifest Manifest) original, ILayerBlobs blobs, CancellationToken cancellationToken)
    {
        var layers = new List<PlannedLayer>();
        foreach (var (diffId, layer) in image.Layers.Zip(original.Manifest.Layers))
        {
            BlobDescriptor? known = null;
            using (var held = blobs.Find(layer.Blob.Digest))
            {
                if (held is null)
                {
                    if (await repository.FindBlobAsync(layer.Blob.Digest, cancellationToken) is null) return null;
                    known = layer.Blob;
                }
            }

            layers.Add(new PlannedLayer(diffId, layer.Blob.Digest, known));
        }

        return new PushPlan(original.Document, layers);
    }

    /// <summary>A gzip blob of the layer that another image brought.</summary>
    private static Digest? CompressedBlobOf(Digest diffId, IImageStore images, ILayerBlobs blobs)
    {
        foreach (var image in images.All)
        {
            var at = image.Layers.ToList().IndexOf(diffId);
            if (at < 0 || at >= image.LayerBlobs.Count || image.LayerBlobs[at] == diffId || !IsGzip(image, at, images)) continue;
            using var held = blobs.Find(image.LayerBlobs[at]);
            if (held is not null) return image.LayerBlobs[at];
        }

        return null;
    }

    private static bool IsGzip(Image image, int layer, IImageStore images) =>
        Original(image, images) is { } original && original.Manifest.Layers[layer].MediaType.EndsWith("gzip", StringComparison.Ordinal);

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
