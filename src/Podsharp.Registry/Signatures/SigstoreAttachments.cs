using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Signatures;

/// <summary>Signatures in the image's own repository: an OCI manifest under the tag sha256-HEX.sig, each of whose layers is one.</summary>
internal static class SigstoreAttachments
{
    public const string SignatureAnnotation = "dev.cosignproject.cosign/signature";
    private const string PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const int Most = 128;
    private const long LargestPayload = 4 << 20;

    public static async Task<IReadOnlyList<SigstoreSignature>> ReadAsync(IRemoteRepository repository, Digest digest, CancellationToken cancellationToken)
    {
        RemoteManifest manifest;
        try
        {
            manifest = await repository.GetManifestAsync(ManifestSelector.ByTag($"sha256-{digest.Hex}.sig"), cancellationToken);
        }
        catch (EngineException failure) when (failure.Kind == ErrorKind.NotFound)
        {
            return [];
        }

        var found = new List<SigstoreSignature>();
        foreach (var (payload, signature) in Layers(manifest, repository.Endpoint.Name)) found.Add(new SigstoreSignature(await ReadAsync(repository, payload, cancellationToken), signature));
        return found;
    }

    private static List<(BlobDescriptor Payload, string? Signature)> Layers(RemoteManifest manifest, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(manifest.Content);
            if (manifest.MediaType != ManifestTypes.OciManifest || !document.RootElement.TryGetProperty("layers", out var layers)) throw Wrong(name, "is no OCI manifest");
            // Attestations and whatever else is attached are no signatures.
            var signatures = layers.EnumerateArray().Where(static layer => layer.GetProperty("mediaType").GetString() == PayloadType).Select(layer => Layer(layer, name)).ToList();
            return signatures.Count <= Most ? signatures : throw Wrong(name, $"has more than {Most} signatures");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Wrong(name, "is malformed");
        }
    }

    private static (BlobDescriptor Payload, string? Signature) Layer(JsonElement layer, string name)
    {
        var size = layer.GetProperty("size").GetInt64();
        if (size is < 0 or > LargestPayload || !Digest.TryParse(layer.GetProperty("digest").GetString(), out var digest)) throw Wrong(name, "names a signature of a wrong size or digest");
        var signature = layer.TryGetProperty("annotations", out var annotations) && annotations.TryGetProperty(SignatureAnnotation, out var text) ? text.GetString() : null;
        return (new BlobDescriptor(digest, size), signature);
    }

    private static async Task<byte[]> ReadAsync(IRemoteRepository repository, BlobDescriptor payload, CancellationToken cancellationToken)
    {
        await using var content = await repository.OpenBlobAsync(payload, 0, cancellationToken);
        var bytes = new byte[payload.Size];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return Digest.FromHash(SHA256.HashData(bytes)) == payload.Digest ? bytes : throw Wrong(repository.Endpoint.Name, $"has {payload.Digest} with other content");
    }

    private static EngineException Wrong(string name, string what) => new(ErrorKind.InvalidData, $"the signature attachment of {name} {what}");
}
