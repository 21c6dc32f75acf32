using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>Tells of the manifests that images have in the store.</summary>
public sealed class DescribeManifest(IImageStore images, ILayerBlobs blobs, ImageUse use)
{
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>Of images of several platforms; what came without a manifest is left out.</summary>
    public IReadOnlyList<ManifestSummary> Of(IReadOnlyList<Image> platforms) => [.. platforms.Select(Of).OfType<ManifestSummary>()];

    /// <summary>Null when the image came without a manifest.</summary>
    public ManifestSummary? Of(Image image)
    {
        if (DescriptorOf(image) is not { } descriptor) return null;
        var content = descriptor.Size + (images.ReadBlob(image.Id)?.Length ?? 0) + image.LayerBlobs.Distinct().Sum(blobs.SizeOf);
        return new ManifestSummary(
            descriptor,
            Platform.Of(image.Config),
            image.Layers.All(layer => images.FindLayer(layer) is not null),
            content,
            image.Size,
            [.. use.Of(image.Id).Select(static container => container.Id)]);
    }

    public ManifestDescriptor? DescriptorOf(Image image) =>
        image.ManifestDigest is { } digest && images.ReadBlob(digest) is { } manifest
            ? new ManifestDescriptor(image.ManifestMediaType ?? OciManifest, digest, manifest.Length)
            : null;
}
