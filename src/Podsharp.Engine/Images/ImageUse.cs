using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>Which containers need an image: as their root, or mounted.</summary>
public sealed class ImageUse(IContainerStore containers)
{
    public IEnumerable<Container> Of(Digest image) => containers.All.Where(container => Uses(container, image));

    /// <summary>How many containers each image is used by; images without any are not listed.</summary>
    public IReadOnlyDictionary<Digest, int> Count() =>
        containers.All.SelectMany(ImagesOf).GroupBy(id => id).ToDictionary(group => group.Key, group => group.Count());

    private static bool Uses(Container container, Digest image) => ImagesOf(container).Contains(image);

    /// <summary>The image it was made of, and those it has mounted.</summary>
    public static IEnumerable<Digest> ImagesOf(Container container) =>
        container.Mounts
            .Where(mount => mount.Kind == MountKind.Image)
            .Select(mount => Digest.TryParse(mount.Source, out var id) ? id : default)
            .Prepend(container.ImageId)
            .Where(id => !id.IsEmpty)
            .Distinct();
}
