using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images.Hello;

namespace Podsharp.Engine.Images;

/// <summary>Finds the image that a container is to be made of; the embedded one comes into the store when it is asked for.</summary>
public sealed class ResolveImage(ImageLookup lookup, IImageStore images, ImageLocks locks, LoadHelloImage loadHello)
{
    /// <summary>NotFound when there is no such image or it is for another platform.</summary>
    public async Task<Image> RunAsync(string name, Platform? platform, CancellationToken cancellationToken)
    {
        var found = lookup.TryFind(name);
        if (found is null && ImageReference.TryParse(name, out var reference) && await loadHello.RunAsync(reference, cancellationToken) is { } hello)
            found = new FoundImage(hello, null);
        return lookup.ForPlatform(found ?? lookup.Find(name), platform, name).Image;
    }

    /// <summary>Keeps resolved images from being removed until the container's record is written and the hold disposed. NotFound when one has gone meanwhile.</summary>
    public async ValueTask<ImageLocks.Held> HoldAsync(IReadOnlyList<Digest> resolved, CancellationToken cancellationToken)
    {
        var held = await locks.EnterAsync(resolved, cancellationToken);
        foreach (var missing in resolved.Where(id => images.Find(id) is null))
        {
            held.Dispose();
            throw EngineException.NoSuchImage(missing.ToString());
        }

        return held;
    }

    internal static EngineException OtherPlatform(Image image, string name, Platform platform, string cause) => new(
        ErrorKind.NotFound,
        $"image with reference {name} was found but does not match the specified platform: wanted {platform}, actual: {Platform.Of(image.Config)}",
        cause);
}
