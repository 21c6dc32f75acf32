using Podsharp.Core.Storage;

namespace Podsharp.Engine.Images;

public sealed class InspectImage(ImageLookup lookup, DescribeManifest manifest, StorePaths paths)
{
    public Task<ImageInspection> RunAsync(InspectImageRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var image = lookup.Find(request.Image).Image;
        if (request.Platform is { } platform) ResolveImage.RequirePlatform(image, request.Image, platform);

        var directories = image.Layers.Reverse().Select(layer => Path.Join(paths.Layer(layer), "diff")).ToList();
        return Task.FromResult(new ImageInspection(
            image, manifest.DescriptorOf(image), request.Manifest ? manifest.Of(image) : null, string.Join(':', directories.Skip(1)), directories.FirstOrDefault("")));
    }
}
