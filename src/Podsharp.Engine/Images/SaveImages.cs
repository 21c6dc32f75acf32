using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images;

/// <summary>
/// Prepares an archive of one or more images, each with all platforms that its name means here or with those that are asked for. All that can be wrong with
/// the request is told before the first byte.
/// </summary>
public sealed class SaveImages(ImageLookup lookup, IImageStore images, IImageExports exports, EventPublisher events)
{
    public Task<IOutgoingArchive> RunAsync(SaveImagesRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var chosen = new List<ImageToSave>();
        foreach (var name in request.Images)
        {
            foreach (var found in Choose(name, request.WholeRepositories))
            {
                IReadOnlyList<ImageReference> names = found.Name is { Tag: not null } tag ? [tag] : [];
                var platforms = Platforms(found, request.Platforms, name);
                Add(chosen, new ImageToSave(platforms[0], names, []));
                foreach (var other in platforms.Skip(1)) Add(chosen, new ImageToSave(other, [], names));
            }
        }

        if (chosen.Count == 0) throw EngineException.InvalidInput("no images were named: give one or more names or ids");
        var archive = exports.Open(chosen);
        foreach (var one in chosen.Where(static one => one.PlatformNames.Count == 0 || one.Names.Count > 0)) events.Image(one.Image, "save", one.Image.Id.ToString());
        return Task.FromResult(archive);
    }

    private static void Add(List<ImageToSave> chosen, ImageToSave more)
    {
        var index = chosen.FindIndex(one => one.Image.Id == more.Image.Id);
        if (index < 0) chosen.Add(more);
        else chosen[index] = chosen[index] with
        {
            Names = [.. chosen[index].Names.Union(more.Names)],
            PlatformNames = [.. chosen[index].PlatformNames.Union(more.PlatformNames)],
        };
    }

    private List<Image> Platforms(FoundImage found, IReadOnlyList<Platform> wanted, string name) => wanted.Count == 0
        ? [.. lookup.PlatformsOf(found)]
        : [.. wanted.Select(platform => lookup.ForPlatform(found, platform, name).Image).DistinctBy(static image => image.Id)];

    private List<FoundImage> Choose(string name, bool wholeRepositories)
    {
        if (wholeRepositories && ImageReference.TryParse(name, out var reference) && reference is { Tag: null, Digest: null })
        {
            var tagged = images.All.SelectMany(image => image.Tags.Where(tag => tag.Repository == reference.Repository).Select(tag => new FoundImage(image, tag)));
            if (tagged.OrderBy(static one => one.Name!.Tag, StringComparer.Ordinal).ToList() is { Count: > 0 } all) return all;
        }

        return [lookup.Find(name)];
    }
}
