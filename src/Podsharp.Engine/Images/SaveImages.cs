using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images;

/// <summary>Prepares an archive of one or more images. All that can be wrong with the request is told before the first byte.</summary>
public sealed class SaveImages(ImageLookup lookup, IImageStore images, IImageExports exports, EventPublisher events)
{
    public Task<IOutgoingArchive> RunAsync(SaveImagesRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var chosen = new List<ImageToSave>();
        foreach (var name in request.Images)
        {
            foreach (var (image, tag) in Choose(name, request.WholeRepositories))
            {
                if (request.Platform is { } platform) ResolveImage.RequirePlatform(image, name, platform);
                Add(chosen, image, tag);
            }
        }

        if (chosen.Count == 0) throw EngineException.InvalidInput("no images were named: give one or more names or ids");
        var archive = exports.Open(chosen);
        foreach (var (image, _) in chosen) events.Image(image, "save", image.Id.ToString());
        return Task.FromResult(archive);
    }

    private static void Add(List<ImageToSave> chosen, Image image, ImageReference? tag)
    {
        IReadOnlyList<ImageReference> names = tag is null ? [] : [tag];
        var index = chosen.FindIndex(one => one.Image.Id == image.Id);
        if (index < 0) chosen.Add(new ImageToSave(image, names));
        else chosen[index] = chosen[index] with { Names = [.. chosen[index].Names.Union(names)] };
    }

    private List<(Image Image, ImageReference? Tag)> Choose(string name, bool wholeRepositories)
    {
        if (wholeRepositories && ImageReference.TryParse(name, out var reference) && reference is { Tag: null, Digest: null })
        {
            var tagged = images.All.SelectMany(image => image.Tags.Where(tag => tag.Repository == reference.Repository).Select(tag => (image, (ImageReference?)tag)));
            if (tagged.OrderBy(one => one.Item2!.Tag, StringComparer.Ordinal).ToList() is { Count: > 0 } all) return all;
        }

        var found = lookup.Find(name);
        return [(found.Image, found.Name is { Tag: not null } tag ? tag : null)];
    }
}
