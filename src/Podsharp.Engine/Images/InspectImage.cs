using Podsharp.Core.Storage;

namespace Podsharp.Engine.Images;

public sealed class InspectImage(ImageLookup lookup, DescribeManifest manifest, StorePaths paths)
{
    public Task<ImageInspection> RunAsync(InspectImageRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = lookup.Find(request.Image, request.Platform);
        var image = found.Image;

        var directories = image.Layers.Reverse().Select(layer => Path.Join(paths.Layer(layer), "diff")).ToList();
        return Task.FromResult(new ImageInspection(
            image, manifest.DescriptorOf(image), request.Manifests ? manifest.Of(lookup.PlatformsOf(found)) : null, string.Join(':', directories.Skip(1)), directories.FirstOrDefault("")));
    }
}
