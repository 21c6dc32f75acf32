using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images;

/// <summary>Brings the images of an archive into the store: all of them, or none.</summary>
public sealed class LoadImages(IImageArchives archives, IImagePolicy policy, EventPublisher events)
{
    public async Task<IReadOnlyList<LoadedImage>> RunAsync(LoadImagesRequest request, CancellationToken cancellationToken)
    {
        var loaded = await archives.LoadAsync(request.Archive, request.Platforms, form => policy.JudgeArchive(form).RequireAccepted(), cancellationToken);
        foreach (var (image, _) in loaded) events.Image(image, "load", image.Id.ToString());
        return loaded;
    }
}
