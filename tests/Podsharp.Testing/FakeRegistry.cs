using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Testing;

/// <summary>A registry in memory, its directory and its credentials; repositories come to be when they are written to.</summary>
public sealed class FakeRegistry : IRegistryDirectory, IRegistryClient, ICredentialSource, IImagePolicy
{
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    public ConcurrentDictionary<(string Repository, string Selector), RemoteManifest> Manifests { get; } = new();

    public ConcurrentDictionary<(string Repository, Digest Digest), byte[]> Blobs { get; } = new();

    /// <summary>Blobs that were asked for, in order.</summary>
    public ConcurrentQueue<Digest> Fetched { get; } = new();

    /// <summary>Manifests that were written by pushes, in order.</summary>
    public ConcurrentQueue<Digest> Written { get; } = new();

    /// <summary>Awaited before a blob is sent.</summary>
    public Func<Digest, CancellationToken, Task> BeforeBlob { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Makes another stream of a blob's content, such as one that breaks.</summary>
    public Func<Stream, Stream> Content { get; set; } = static content => content;

    /// <summary>Hosts of mirrors that are asked before the registry itself.</summary>
    public List<string> Mirrors { get; } = [];

    /// <summary>Hosts that cannot be reached.</summary>
    public HashSet<string> Down { get; } = [];

    public PolicyVerdict Verdict { get; set; } = PolicyVerdict.Accepted;

    public IReadOnlyList<string> SearchRegistries => [];

    public IReadOnlyList<ConfiguredRegistry> Configured => [];

    /// <summary>An image of one layer for each text, under a tag.</summary>
    public RemoteManifest Add(string repository, string tag, string architecture, params string[] layers)
    {
        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(layer => (JsonNode)DiffIdOf(layer).ToString())]) },
        }.ToJsonString());
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestTypes.OciManifest,
            ["config"] = Descriptor(ConfigType, PutBlob(repository, config), config.Length),
            ["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)Descriptor(LayerType, PutBlob(repository, Encoding.UTF8.GetBytes(layer)), layer.Length))]),
        };
        return Put(repository, tag, ManifestTypes.OciManifest, manifest);
    }

    public RemoteManifest AddList(string repository, string tag, params (string Architecture, RemoteManifest Manifest)[] entries)
    {
        var list = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestTypes.OciIndex,
            ["manifests"] = new JsonArray([.. entries.Select(entry =>
            {
                var descriptor = Descriptor(entry.Manifest.MediaType, entry.Manifest.Digest, entry.Manifest.Content.Length);
                descriptor["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = entry.Architecture };
                return (JsonNode)descriptor;
            })]),
        };
        return Put(repository, tag, ManifestTypes.OciIndex, list);
    }

    public RemoteManifest Put(string repository, string tag, string mediaType, JsonObject content)
    {
        var bytes = Encoding.UTF8.GetBytes(content.ToJsonString());
        var manifest = new RemoteManifest(DigestOf(bytes), mediaType, bytes);
        Manifests[(repository, tag)] = manifest;
        Manifests[(repository, manifest.Digest.ToString())] = manifest;
        return manifest;
    }

    public Digest PutBlob(string repository, byte[] content)
    {
        var digest = DigestOf(content);
        Blobs[(repository, digest)] = content;
        return digest;
    }

    public static Digest DigestOf(byte[] content) => Digest.FromHash(SHA256.HashData(content));

    /// <summary>The fake's layers are their own text, and their digest that of a tar that is never made.</summary>
    public static Digest DiffIdOf(string layer) => Samples.Digest("tar of " + layer);

    public IReadOnlyList<ImageReference> CandidatesFor(string name) => [ImageReference.Parse(name)];

    public IReadOnlyList<RegistryEndpoint> EndpointsForPull(ImageReference reference, EndpointRules rules) =>
        [.. Mirrors.Select(host => new RegistryEndpoint(host, reference.Path) { IsMirror = true }), new RegistryEndpoint(reference.Registry, reference.Path)];

    public RegistryEndpoint EndpointForPush(ImageReference reference, EndpointRules rules) => new(reference.Registry, reference.Path);

    public RegistryEndpoint EndpointForHost(string host, EndpointRules rules) => new(host, "");

    public ValueTask<RegistryCredentials?> FindAsync(RegistryEndpoint endpoint, GivenCredentials given, CancellationToken cancellationToken) => new(given.For(endpoint));

    public PolicyVerdict JudgeRemote(ImageReference reference) => Verdict;

    public PolicyVerdict JudgeArchive(ImageArchiveForm form) => Verdict;

    /// <summary>What was to be proven to have signatures.</summary>
    public List<RemoteManifests> Proven { get; } = [];

    /// <summary>Why signatures do not suffice.</summary>
    public string? Unproven { get; set; }

    public Task ProveAsync(PolicyVerdict verdict, RemoteManifests image, CancellationToken cancellationToken)
    {
        Proven.Add(image);
        return Unproven is null ? Task.CompletedTask : throw PolicyVerdict.Rejected(Unproven);
    }

    public IRemoteRepository Open(RegistryEndpoint endpoint, RegistryCredentials? credentials, RepositoryAccess access) => new FakeRepository(this, endpoint);

    public Task<string?> LogInAsync(RegistryEndpoint registry, RegistryCredentials credentials, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<IReadOnlyList<RepositorySearchResult>> SearchAsync(
        RegistryEndpoint registry, RegistryCredentials? credentials, string term, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RepositorySearchResult>>(
        [
            .. Manifests.Keys.Select(key => key.Repository).Distinct().Where(name => name.Contains(term)).Take(limit)
                .Select(name => new RepositorySearchResult(name, "", 0, false, false)),
        ]);

    public IAsyncEnumerable<string> ListRepositoriesAsync(RegistryEndpoint registry, RegistryCredentials? credentials, CancellationToken cancellationToken) =>
        Manifests.Keys.Select(key => key.Repository).Distinct().ToAsyncEnumerable();

    private static JsonObject Descriptor(string type, Digest digest, long size) =>
        new() { ["mediaType"] = type, ["digest"] = digest.ToString(), ["size"] = size };

    private sealed class FakeRepository(FakeRegistry registry, RegistryEndpoint endpoint) : IRemoteRepository
    {
        public RegistryEndpoint Endpoint => endpoint;

        public Task<RemoteManifest> GetManifestAsync(ManifestSelector selector, CancellationToken cancellationToken)
        {
            if (registry.Down.Contains(endpoint.Host)) throw new EngineException(ErrorKind.Unavailable, $"{endpoint.Host} cannot be reached");
            return registry.Manifests.TryGetValue((endpoint.Repository, selector.Text), out var manifest)
                ? Task.FromResult(manifest)
                : throw new EngineException(ErrorKind.NotFound, "manifest unknown", "manifest unknown: manifest unknown");
        }

        public async Task<Podsharp.Core.Registries.ManifestDescriptor?> FindManifestAsync(ManifestSelector selector, CancellationToken cancellationToken) =>
            registry.Manifests.ContainsKey((endpoint.Repository, selector.Text)) ? (await GetManifestAsync(selector, cancellationToken)).Descriptor : null;

        public async Task<Stream> OpenBlobAsync(BlobDescriptor blob, long offset, CancellationToken cancellationToken)
        {
            registry.Fetched.Enqueue(blob.Digest);
            await registry.BeforeBlob(blob.Digest, cancellationToken);
            return registry.Blobs.TryGetValue((endpoint.Repository, blob.Digest), out var content)
                ? registry.Content(new MemoryStream(content, (int)offset, content.Length - (int)offset, writable: false))
                : throw new EngineException(ErrorKind.NotFound, "blob unknown", "blob unknown: blob unknown to registry");
        }

        public Task<long?> FindBlobAsync(Digest digest, CancellationToken cancellationToken) =>
            Task.FromResult(registry.Blobs.TryGetValue((endpoint.Repository, digest), out var content) ? content.Length : (long?)null);

        public async Task<BlobPushOutcome> PushBlobAsync(BlobPush push, CancellationToken cancellationToken)
        {
            if (registry.Blobs.ContainsKey((endpoint.Repository, push.Blob.Digest))) return new BlobPushOutcome(BlobPushResult.AlreadyThere);
            foreach (var source in push.MountFrom)
            {
                if (!registry.Blobs.TryGetValue((source, push.Blob.Digest), out var there)) continue;
                registry.Blobs[(endpoint.Repository, push.Blob.Digest)] = there;
                return new BlobPushOutcome(BlobPushResult.Mounted, source);
            }

            await using var content = await push.Open(cancellationToken);
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellationToken);
            registry.PutBlob(endpoint.Repository, copy.ToArray());
            return new BlobPushOutcome(BlobPushResult.Sent);
        }

        public Task<Digest> PutManifestAsync(ManifestSelector selector, RemoteManifest manifest, CancellationToken cancellationToken)
        {
            registry.Written.Enqueue(manifest.Digest);
            registry.Manifests[(endpoint.Repository, selector.Text)] = manifest;
            registry.Manifests[(endpoint.Repository, manifest.Digest.ToString())] = manifest;
            return Task.FromResult(manifest.Digest);
        }

        public IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancellationToken) => registry.Manifests.Keys
            .Where(key => key.Repository == endpoint.Repository && !key.Selector.Contains(':')).Select(key => key.Selector).Order().ToAsyncEnumerable();
    }
}
