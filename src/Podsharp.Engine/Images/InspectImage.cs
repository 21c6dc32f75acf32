using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Engine.Images;

public sealed class InspectImage(ImageLookup lookup, IImageStore images, StorePaths paths)
{
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    public Task<ImageInspection> RunAsync(InspectImageRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var image = lookup.Find(request.Image).Image;
        if (request.Platform is { } platform) ResolveImage.RequirePlatform(image, request.Image, platform);

        var directories = image.Layers.Reverse().Select(layer => Path.Join(paths.Layer(layer), "diff")).ToList();
        return Task.FromResult(new ImageInspection(
            image, DescriptorOf(image), string.Join(':', directories.Skip(1)), directories.FirstOrDefault("")));
    }

    private ManifestDescriptor? DescriptorOf(Image image) =>
        image.ManifestDigest is { } digest && images.ReadBlob(digest) is { } manifest
            ? new ManifestDescriptor(image.ManifestMediaType ?? OciManifest, digest, manifest.Length)
            : null;
}
