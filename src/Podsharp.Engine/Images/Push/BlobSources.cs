using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

/// <summary>A blob that can be fetched again.</summary>
internal sealed record RemoteBlob(IRemoteRepository Repository, BlobDescriptor Blob);

/// <summary>Finds the blobs of images in the repositories under which these are known.</summary>
public sealed class BlobSources(IRegistryDirectory directory, IRegistryClient client, ICredentialSource credentials)
{
    // A registry that is gone must not keep a push waiting: the layer can be compressed anew.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Null when nobody has the blob, or none that has it can be reached.</summary>
    /// <param name="target">Where the push goes: not asked again.</param>
    internal Task<RemoteBlob?> FindAsync(
        Image image, BlobDescriptor blob, RegistryEndpoint target, PushImageRequest request, CancellationToken cancellationToken) =>
        AskAsync(
            image,
            // What was said about the target's certificate says nothing of another registry.
            request.Rules with { VerifyTls = null },
            endpoint => endpoint.Name == target.Name ? null : GivenFor(endpoint, target, request),
            async (repository, stop) => await repository.FindBlobAsync(blob.Digest, stop) == blob.Size ? new RemoteBlob(repository, blob) : null,
            cancellationToken);

    /// <summary>The first answer that isn't null of the repositories under which an image is known; null when none has one, or none can be reached.</summary>
    internal Task<T?> AskAsync<T>(Image image, Func<IRemoteRepository, CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class =>
        AskAsync(image, new EndpointRules { LoopbackIsInsecure = true }, static _ => GivenCredentials.None, ask, cancellationToken);

    /// <param name="given">The credentials for an endpoint; null: it is not asked.</param>
    private async Task<T?> AskAsync<T>(
        Image image, EndpointRules rules, Func<RegistryEndpoint, GivenCredentials?> given, Func<IRemoteRepository, CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var name in image.RepositoryDigests.DistinctBy(static name => name.Repository))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                foreach (var endpoint in directory.EndpointsForPull(name, rules))
                {
                    if (given(endpoint) is not { } credential) continue;
                    var repository = client.Open(endpoint, await credentials.FindAsync(endpoint, credential, patience.Token), RepositoryAccess.Pull);
                    if (await ask(repository, patience.Token) is { } answer) return answer;
                }
            }
            catch (Exception failure) when (failure is EngineException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The next one may have it.
            }
        }

        return null;
    }

    /// <summary>The password for the target is for no other registry.</summary>
    private static GivenCredentials GivenFor(RegistryEndpoint endpoint, RegistryEndpoint target, PushImageRequest request) =>
        endpoint.Host == target.Host ? request.Credentials : request.Credentials with { ForTarget = null };
}
