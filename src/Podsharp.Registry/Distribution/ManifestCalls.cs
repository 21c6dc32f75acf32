using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Manifests of one repository.</summary>
internal sealed class ManifestCalls(Conversation conversation, IReadOnlyList<string> scopes)
{
    private const string DigestHeader = "Docker-Content-Digest";

    private string Name => conversation.Endpoint.Name;

    public async Task<RemoteManifest> GetAsync(ManifestSelector selector, CancellationToken cancellationToken)
    {
        var what = $"reading manifest {selector} of {Name}";
        using var answer = await conversation.AskAsync(root => Call(HttpMethod.Get, root, selector), scopes, Conversation.BodyLimit, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK) throw await RegistryFailures.FromAsync(answer, what, cancellationToken);
        var content = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var digest = Digest.FromHash(SHA256.HashData(content));
        if ((selector.Digest ?? DigestOf(answer)) is { } expected && expected != digest)
            throw RegistryFailures.Invalid($"{what}: the content has digest {digest}, not {expected}");
        return new RemoteManifest(digest, ManifestKind.Of(content, answer.Content.Headers.ContentType?.MediaType, what), content);
    }

    public async Task<ManifestDescriptor?> FindAsync(ManifestSelector selector, CancellationToken cancellationToken)
    {
        using var answer = await conversation.AskAsync(root => Call(HttpMethod.Head, root, selector), scopes, Conversation.BodyLimit, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        if (answer.StatusCode != HttpStatusCode.OK) throw await RegistryFailures.FromAsync(answer, $"looking for manifest {selector} of {Name}", cancellationToken);
        var headers = answer.Content.Headers;
        if (DigestOf(answer) is { } digest && headers is { ContentLength: { } length, ContentType.MediaType: { } type }) return new ManifestDescriptor(digest, type, length);
        // Not all registries say so much without the body.
        return (await GetAsync(selector, cancellationToken)).Descriptor;
    }

    public async Task<Digest> PutAsync(ManifestSelector selector, RemoteManifest manifest, CancellationToken cancellationToken)
    {
        var what = $"writing manifest {selector} of {Name}";
        using var answer = await conversation.AskAsync(
            root => new RegistryCall(HttpMethod.Put, Address(root, selector)) { Body = _ => ValueTask.FromResult(BodyOf(manifest)) },
            scopes,
            Conversation.BodyLimit,
            cancellationToken);
        if (!answer.IsSuccessStatusCode) throw await RegistryFailures.FromAsync(answer, what, cancellationToken);
        return (DigestOf(answer) ?? manifest.Digest) is var digest && digest == manifest.Digest
            ? digest
            : throw RegistryFailures.Invalid($"{what}: the registry took it for {digest}, not {manifest.Digest}");
    }

    private RegistryCall Call(HttpMethod method, Uri root, ManifestSelector selector) =>
        new(method, Address(root, selector)) { Accept = ManifestTypes.Understood };

    private Uri Address(Uri root, ManifestSelector selector) => new(root, $"v2/{conversation.Endpoint.Repository}/manifests/{selector.Text}");

    private static HttpContent BodyOf(RemoteManifest manifest) =>
        new ReadOnlyMemoryContent(manifest.Content) { Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) } };

    // Absent, or of an algorithm that proves nothing to us: then nothing is claimed.
    private static Digest? DigestOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(DigestHeader, out var values) && Digest.TryParse(values.First(), out var digest) ? digest : null;
}
