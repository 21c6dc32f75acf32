using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Images.Pull;

/// <summary>Brings an image from a registry into the store, with its layers side by side.</summary>
public sealed class PullImage(
    IRegistryDirectory directory,
    IRegistryClient client,
    ICredentialSource credentials,
    IImagePolicy policy,
    IImageStore images,
    IImageIngest ingest,
    PullLayers layers,
    IHost host,
    EventPublisher events)
{
    /// <param name="report">Called in turn with each step; the first one when the image has been found.</param>
    /// <remarks>An image that is there for one platform only comes whatever was asked for; that it is another one is then the failure, and the image stays.</remarks>
    public async Task<Image> RunAsync(PullImageRequest request, Func<PullEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        var (image, reference) = await PullFirstAsync(request, report, cancellationToken);
        return request.Platform is { } platform && !platform.Matches(image.Config)
            ? throw ResolveImage.OtherPlatform(image, reference.ToString(), platform, "no matching platform")
            : image;
    }

    private async Task<(Image Image, ImageReference Reference)> PullFirstAsync(
        PullImageRequest request, Func<PullEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        EngineException? first = null;
        foreach (var candidate in request.Candidates)
        {
            try
            {
                return (await PullAsync(candidate, request, report, cancellationToken), candidate);
            }
            catch (EngineException failure) when (failure.Kind is ErrorKind.NotFound or ErrorKind.Unavailable or ErrorKind.Unauthorized && request.Candidates.Count > 1)
            {
                first ??= failure;
            }
        }

        throw first ?? EngineException.InvalidInput("the image has no name");
    }

    private async Task<Image> PullAsync(ImageReference reference, PullImageRequest request, Func<PullEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        List<ImageReference> names = reference.Tag is not null || reference.Digest is not null
            ? [reference]
            : (await ListTagsAsync(reference, request, cancellationToken)).ConvertAll(reference.WithTag);
        PullEnded? last = null;
        var isNew = false;
        foreach (var name in names)
        {
            last = await PullOneAsync(name, request, report, cancellationToken);
            isNew |= last.IsNew;
        }

        if (last is null) throw new EngineException(ErrorKind.NotFound, $"repository {reference.Familiar} has no tags");
        await report(new PullFinished(reference, isNew));
        return last.Image;
    }

    private Task<List<string>> ListTagsAsync(ImageReference reference, PullImageRequest request, CancellationToken cancellationToken) =>
        EachEndpointAsync(
            reference, request, async repository => await repository.ListTagsAsync(cancellationToken).ToListAsync(cancellationToken), cancellationToken);

    private async Task<PullEnded> PullOneAsync(ImageReference reference, PullImageRequest request, Func<PullEvent, ValueTask> report, CancellationToken cancellationToken)
    {
        var verdict = policy.JudgeRemote(reference);
        verdict.RefuseRejected();
        var platform = request.Platform ?? Platform.Of("linux", host.Facts.Architecture, "");
        var found = await EachEndpointAsync(
            reference,
            request,
            async repository =>
            {
                var document = await RemoteDocument.FindAsync(repository, reference, platform, cancellationToken);
                // Before anything is believed of it but its digest.
                await policy.ProveAsync(verdict, document.AskedForBy(reference), cancellationToken);
                return await RemoteImage.ReadAsync(document, ingest, cancellationToken);
            },
            cancellationToken);

        await report(new PullBegun(reference));
        var before = images.Find(reference)?.Id;
        var image = await layers.RunAsync(found, reference, report, cancellationToken);
        events.Pulled(image, reference);
        var ended = new PullEnded(reference, found.Digest, image, before != image.Id);
        await report(ended);
        return ended;
    }

    /// <summary>Asks mirrors first; what the last place says counts when none has it.</summary>
    private async Task<T> EachEndpointAsync<T>(
        ImageReference reference, PullImageRequest request, Func<IRemoteRepository, Task<T>> ask, CancellationToken cancellationToken)
    {
        var endpoints = directory.EndpointsForPull(reference, request.Rules);
        for (var i = 0; ; i++)
        {
            try
            {
                var found = await credentials.FindAsync(endpoints[i], request.Credentials, cancellationToken);
                return await ask(client.Open(endpoints[i], found, RepositoryAccess.Pull));
            }
            catch (EngineException) when (i + 1 < endpoints.Count)
            {
                // A mirror that fails in any way must not stand between the user and the image.
            }
        }
    }
}
