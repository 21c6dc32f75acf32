using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images.Push;

/// <summary>
/// Sends images to a registry. One that was pulled keeps its manifest, and so its digest, while its blobs can be had. A name that means several platforms here
/// becomes an index of those.
/// </summary>
public sealed class PushImage(
    IRegistryDirectory directory,
    IRegistryClient client,
    ICredentialSource credentials,
    IImageStore images,
    ImageLookup lookup,
    ILayerBlobs blobs,
    PushLayers layers,
    EventPublisher events)
{
    /// <param name="report">Called in turn with each step; the first one when it is known what to send and where.</param>
    public async Task RunAsync(PushImageRequest request, Func<PushEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        var target = request.Destination ?? request.Name;
        var endpoint = directory.EndpointForPush(target, request.Rules);
        await report(new PushBegun(target));
        var found = await credentials.FindAsync(endpoint, request.Credentials, cancellationToken);
        var repository = client.Open(endpoint, found, RepositoryAccess.PullAndPush);
        foreach (var name in Chosen(request.Name))
            await PushAsync(repository, request.Destination ?? name.Name!, name, request, report, cancellationToken);
    }

    private List<FoundImage> Chosen(ImageReference name)
    {
        if (name.Digest is not null) throw EngineException.InvalidInput($"cannot push {name.Familiar}: a digest is not a name to push to, give a tag");
        if (name.Tag is not null)
        {
            if (lookup.TryFind(name.ToString()) is { } found) return [found with { Name = name }];
            throw images.All.Any(other => other.Tags.Any(tag => tag.Repository == name.Repository))
                ? new EngineException(ErrorKind.NotFound, $"tag does not exist: {name.Familiar}", "image not known")
                : NoneOf(name);
        }

        var all = images.All
            .SelectMany(image => image.Tags.Where(tag => tag.Repository == name.Repository).Select(tag => new FoundImage(image, tag)))
            .OrderBy(static one => one.Name!.Tag, StringComparer.Ordinal).ToList();
        return all.Count > 0 ? all : throw NoneOf(name);
    }

    private static EngineException NoneOf(ImageReference name) =>
        new(ErrorKind.NotFound, $"An image does not exist locally with the tag: {name.FamiliarRepository}", "image not known");

    private async Task PushAsync(
        IRemoteRepository repository, ImageReference name, FoundImage found, PushImageRequest request, Func<PushEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        var platforms = request.Platform is null ? lookup.PlatformsOf(found) : [lookup.ForPlatform(found, request.Platform, found.Name!.Familiar).Image];
        // Asked beside the layers: a name that stands for this manifest already needs no second writing.
        var named = NamedAsync(repository, name, cancellationToken);
        var sent = new List<(Image Image, SentImage As)>();
        foreach (var image in platforms.OrderBy(static image => Platform.Of(image.Config).ToString(), StringComparer.Ordinal))
        {
            var one = await layers.RunAsync(repository, image, request, report, cancellationToken);
            if (platforms.Count > 1) await repository.PutManifestAsync(ManifestSelector.ByDigest(one.Manifest.Digest), one.Manifest, cancellationToken);
            sent.Add((image, one));
        }

        var top = sent is [var only] ? only.As.Manifest : PlatformIndex.Write(sent.ConvertAll(static one => (one.As.Manifest, one.Image.Config)));
        var digest = top.Digest;
        if (await named != digest) digest = await repository.PutManifestAsync(ManifestSelector.Of(name), top, cancellationToken);
        foreach (var (image, one) in sent)
        {
            await blobs.AdoptManifestAsync(
                image.Id, one.Manifest.Content, one.Manifest.MediaType, one.LayerBlobs, name.WithDigest(digest), CancellationToken.None);
        }

        events.Pushed(found.Image, name);
        await report(new PushEnded(name, digest, top.Content.Length));
    }

    private static async Task<Digest?> NamedAsync(IRemoteRepository repository, ImageReference name, CancellationToken cancellationToken)
    {
        try
        {
            return (await repository.FindManifestAsync(ManifestSelector.Of(name), cancellationToken))?.Digest;
        }
        catch (Exception failure) when (failure is EngineException or OperationCanceledException)
        {
            // What is wrong is told by the push itself.
            return null;
        }
    }
}
