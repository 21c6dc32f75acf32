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
        var image = lookup.TryFind(name)?.Image
            ?? (ImageReference.TryParse(name, out var reference) ? await loadHello.RunAsync(reference, cancellationToken) : null)
            ?? lookup.Find(name).Image;
        if (platform is not null) RequirePlatform(image, name, platform);
        return image;
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

    internal static void RequirePlatform(Image image, string name, Platform platform)
    {
        if (!platform.Matches(image.Config)) throw OtherPlatform(image, name, platform, EngineException.NoSuchImage(name).Cause);
    }

    internal static EngineException OtherPlatform(Image image, string name, Platform platform, string cause)
    {
        var actual = Platform.Of(image.Config.Os, image.Config.Architecture, image.Config.Variant ?? "");
        return new EngineException(
            ErrorKind.NotFound, $"image with reference {name} was found but does not match the specified platform: wanted {platform}, actual: {actual}", cause);
    }
}
