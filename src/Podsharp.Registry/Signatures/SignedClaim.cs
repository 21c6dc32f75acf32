using System.Text.Json;
using Podsharp.Core.Images;
using Podsharp.Registry.Policy;

namespace Podsharp.Registry.Signatures;

/// <summary>What a signer says: that the manifest of this digest goes by that name (containers-signature(5)).</summary>
internal sealed record SignedClaim(Digest Manifest, string Reference)
{
    public const string Simple = "atomic container signature";
    public const string Sigstore = "cosign container image signature";

    /// <exception cref="InvalidPolicyException">It is something else that was signed.</exception>
    public static SignedClaim Parse(ReadOnlyMemory<byte> json, string type)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = new KnownFields(document.RootElement, "the signed content");
            root.Allow("critical", "optional");
            var critical = Inside(root, "critical");
            critical.Allow("type", "image", "identity");
            var image = Inside(critical, "image");
            image.Allow("docker-manifest-digest");
            var identity = Inside(critical, "identity");
            identity.Allow("docker-reference");
            if (critical.Text("type") is var signed && signed != type) throw new InvalidPolicyException($"Unrecognized signature type {signed}");
            return Digest.TryParse(image.Required("docker-manifest-digest"), out var digest)
                ? new SignedClaim(digest, identity.Required("docker-reference"))
                : throw new InvalidPolicyException("the signed digest is none of sha256");
        }
        catch (JsonException)
        {
            throw new InvalidPolicyException("the signed content is not JSON");
        }
    }

    private static KnownFields Inside(KnownFields fields, string name) =>
        new(fields.Find(name) ?? throw new InvalidPolicyException($"the signed content lacks {name}"), $"\"{name}\" of the signed content");
}
