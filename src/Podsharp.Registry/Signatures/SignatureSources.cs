using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Signatures;

/// <summary>Finds the signatures of an image where registries.d says that they are; read anew by each call.</summary>
public sealed class SignatureSources(RegistryPlaces places, SignatureStore store)
{
    internal async Task<IReadOnlyList<SimpleSignature>> ReadSimpleAsync(RemoteManifests image, CancellationToken cancellationToken)
    {
        var place = SignaturePlaces.Read(places).LookasideOf(NameAt(image));
        var found = new List<SimpleSignature>();
        foreach (var digest in image.Digests.Distinct())
            found.AddRange(await store.ReadAsync(place, image.Repository.Endpoint.Repository, digest, cancellationToken));
        return found;
    }

    internal async Task<IReadOnlyList<SigstoreSignature>> ReadSigstoreAsync(RemoteManifests image, CancellationToken cancellationToken)
    {
        if (!SignaturePlaces.Read(places).UsesAttachments(NameAt(image))) return [];
        var found = new List<SigstoreSignature>();
        foreach (var digest in image.Digests.Distinct()) found.AddRange(await SigstoreAttachments.ReadAsync(image.Repository, digest, cancellationToken));
        return found;
    }

    // Signatures belong to where the image lies, which a mirror or a rewritten prefix may have changed.
    private static ImageReference NameAt(RemoteManifests image)
    {
        var name = ImageReference.Parse(image.Repository.Endpoint.Name);
        return image.Reference.Digest is { } digest ? name.WithDigest(digest) : name.WithTag(image.Reference.Tag ?? ImageReference.DefaultTag);
    }
}
