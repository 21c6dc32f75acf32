using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>A repository on a registry. Failures as told at <see cref="IRegistryClient"/>; all methods retry what may pass (lost connections, 429, 5xx) and renew tokens.</summary>
public interface IRemoteRepository
{
    RegistryEndpoint Endpoint { get; }

    /// <summary>Fetches a manifest or index, at most 4 MiB. Asked for by digest, the bytes are proven to have it; by tag, they are proven against the digest that the registry announced.</summary>
    Task<RemoteManifest> GetManifestAsync(ManifestSelector selector, CancellationToken cancellationToken);

    /// <summary>Digest, type and size without the body; null when there is none.</summary>
    Task<ManifestDescriptor?> FindManifestAsync(ManifestSelector selector, CancellationToken cancellationToken);

    /// <summary>
    /// The blob's bytes from <paramref name="offset"/> on. A broken transfer is taken up again where it broke, unseen by the reader. The stream ends after exactly
    /// Size - offset bytes; InvalidData is thrown where the registry gives more or fewer. The caller hashes.
    /// </summary>
    Task<Stream> OpenBlobAsync(BlobDescriptor blob, long offset, CancellationToken cancellationToken);

    /// <summary>Size of the blob in bytes, or null when the repository has it not.</summary>
    Task<long?> FindBlobAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Makes the repository have the blob: looks whether it does, tries to mount it from elsewhere on the registry, else sends it. Needs PullAndPush.</summary>
    Task<BlobPushOutcome> PushBlobAsync(BlobPush push, CancellationToken cancellationToken);

    /// <summary>Stores the manifest under tag or digest and proves that the registry computed the same digest. What it refers to must be there. Needs PullAndPush.</summary>
    Task<Digest> PutManifestAsync(ManifestSelector selector, RemoteManifest manifest, CancellationToken cancellationToken);

    /// <summary>All tags, page by page.</summary>
    IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancellationToken);
}
