using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Distribution;

/// <inheritdoc cref="IRemoteRepository"/>
internal sealed class RemoteRepository : IRemoteRepository
{
    private readonly ManifestCalls _manifests;
    private readonly BlobReading _blobs;
    private readonly BlobSending _sending;
    private readonly Pages _pages;
    private readonly IReadOnlyList<string> _scopes;

    public RemoteRepository(Conversation conversation, RepositoryAccess access, RegistryOptions options, TimeProvider clock)
    {
        Endpoint = conversation.Endpoint;
        _scopes = Scopes.For(Endpoint.Repository, access);
        _manifests = new ManifestCalls(conversation, _scopes);
        _blobs = new BlobReading(conversation, _scopes, options.Patience, clock);
        _sending = new BlobSending(conversation, _scopes, _blobs);
        _pages = new Pages(conversation);
    }

    public RegistryEndpoint Endpoint { get; }

    public Task<RemoteManifest> GetManifestAsync(ManifestSelector selector, CancellationToken cancellationToken) => _manifests.GetAsync(selector, cancellationToken);

    public Task<ManifestDescriptor?> FindManifestAsync(ManifestSelector selector, CancellationToken cancellationToken) => _manifests.FindAsync(selector, cancellationToken);

    public Task<Digest> PutManifestAsync(ManifestSelector selector, RemoteManifest manifest, CancellationToken cancellationToken) =>
        _manifests.PutAsync(selector, manifest, cancellationToken);

    public Task<Stream> OpenBlobAsync(BlobDescriptor blob, long offset, CancellationToken cancellationToken) => _blobs.OpenAsync(blob, offset, cancellationToken);

    public Task<long?> FindBlobAsync(Digest digest, CancellationToken cancellationToken) => _blobs.FindAsync(digest, cancellationToken);

    public Task<BlobPushOutcome> PushBlobAsync(BlobPush push, CancellationToken cancellationToken) => _sending.PushAsync(push, cancellationToken);

    public IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancellationToken) =>
        _pages.ReadAsync($"v2/{Endpoint.Repository}/tags/list?n=1000", _scopes, $"listing tags of {Endpoint.Name}", Pages.Tags, cancellationToken);
}
