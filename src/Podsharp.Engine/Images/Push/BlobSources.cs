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
    internal async Task<RemoteBlob?> FindAsync(
        Image image, BlobDescriptor blob, RegistryEndpoint target, PushImageRequest request, CancellationToken cancellationToken)
    {
        foreach (var name in image.RepositoryDigests.DistinctBy(static name => name.Repository))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                foreach (var endpoint in EndpointsOf(name, request).Where(endpoint => endpoint.Name != target.Name))
                {
                    var repository = client.Open(endpoint, await credentials.FindAsync(endpoint, GivenFor(endpoint, target, request), patience.Token), RepositoryAccess.Pull);
                    if (await repository.FindBlobAsync(blob.Digest, patience.Token) == blob.Size) return new RemoteBlob(repository, blob);
                }
            }
            catch (Exception failure) when (failure is EngineException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The next one may have it.
            }
        }

        return null;
    }

    // What was said about the target's certificate says nothing of another registry.
    private IReadOnlyList<RegistryEndpoint> EndpointsOf(ImageReference name, PushImageRequest request) =>
        directory.EndpointsForPull(name, request.Rules with { VerifyTls = null });

    /// <summary>The password for the target is for no other registry.</summary>
    private static GivenCredentials GivenFor(RegistryEndpoint endpoint, RegistryEndpoint target, PushImageRequest request) =>
        endpoint.Host == target.Host ? request.Credentials : request.Credentials with { ForTarget = null };
}
