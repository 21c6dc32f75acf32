using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images;

/// <summary>Gives an image one more name, taking it from any other image. What a name means for other platforms the new one means too.</summary>
public sealed class TagImage(ImageLookup lookup, IImageStore images, ImageLocks locks, EventPublisher events)
{
    public async Task RunAsync(TagImageRequest request, CancellationToken cancellationToken)
    {
        var name = NewImageName.Parse(request.Repository, request.Tag)
            ?? throw EngineException.InvalidInput("the new name is missing: give a repository name");
        var found = lookup.Find(request.Image);
        var image = found.Image;
        using var held = await locks.EnterAsync(image.Id, cancellationToken);
        if (images.Find(image.Id) is null) throw EngineException.NoSuchImage(request.Image);
        await images.TagAsync(image.Id, name, [.. lookup.PlatformsOf(found).Skip(1).Select(static other => other.Id)], cancellationToken);
        events.Image(image, "tag", name.Familiar);
    }
}
