using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>All of an image that goes into an archive, but for its layers' bytes.</summary>
/// <param name="Names">Those that are its own.</param>
/// <param name="PlatformNames">Those that mean it for its platform.</param>
/// <param name="Parent">Null unless it is in the same archive.</param>
internal sealed record SavedImage(
    Image Image, IReadOnlyList<ImageReference> Names, IReadOnlyList<ImageReference> PlatformNames, byte[] Config, SavedManifest Manifest, IReadOnlyList<Layer> Layers, Digest? Parent);

/// <summary>A manifest whose layers are the plain tars.</summary>
internal sealed record SavedManifest(byte[] Content, string MediaType)
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string OciConfig = "application/vnd.oci.image.config.v1+json";
    private const string OciLayer = "application/vnd.oci.image.layer.v1.tar";

    public Digest Digest { get; } = Digest.FromHash(SHA256.HashData(Content));

    /// <summary>Whether a manifest may go along as it is, so that it keeps its digest: one of compressed layers would name blobs that are not there.</summary>
    public static bool NamesPlainLayers(byte[] manifest, Image image)
    {
        try
        {
            var shape = JsonSerializer.Deserialize(manifest, ArchiveJson.Default.ManifestShape);
            return shape?.Config?.Digest == image.Id.ToString()
                && (shape.Layers ?? []).Select(layer => layer.Digest).SequenceEqual(image.Layers.Select(layer => layer.ToString()));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static SavedManifest Make(byte[] config, IEnumerable<Layer> layers)
    {
        var shape = new ManifestShape
        {
            MediaType = OciManifest,
            Config = new DescriptorShape { MediaType = OciConfig, Size = config.Length, Digest = Digest.FromHash(SHA256.HashData(config)).ToString() },
            Layers = [.. layers.Select(Describe)],
        };
        return new SavedManifest(JsonSerializer.SerializeToUtf8Bytes(shape, ArchiveJson.Default.ManifestShape), OciManifest);
    }

    public static DescriptorShape Describe(Layer layer) => new() { MediaType = OciLayer, Size = layer.TarSize, Digest = layer.DiffId.ToString() };
}
