using System.Text.Json;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Policy;

/// <summary>Reads one requirement of policy.json.</summary>
internal static class RequirementReader
{
    // Certificates and transparency logs: known, but nothing here can check them.
    private static readonly string[] Unsupported = ["fulcio", "pki", "rekorPublicKeyPath", "rekorPublicKeyPaths", "rekorPublicKeyData", "rekorPublicKeyDatas"];

    public static PolicyRequirement Read(JsonElement element, string scope)
    {
        var fields = new KnownFields(element, "a requirement");
        return fields.Text("type") switch
        {
            "insecureAcceptAnything" => Simple(fields, PolicyRequirementKind.AcceptAnything),
            "reject" => Simple(fields, PolicyRequirementKind.Reject),
            "signedBy" => SignedBy(new KnownFields(element, "signedBy"), scope),
            "sigstoreSigned" => Sigstore(new KnownFields(element, "sigstoreSigned"), scope),
            var type => throw new InvalidPolicyException($"unknown requirement type \"{type}\""),
        };
    }

    private static PolicyRequirement Simple(KnownFields fields, PolicyRequirementKind kind)
    {
        fields.Allow("type");
        return new PolicyRequirement(kind);
    }

    private static PolicyRequirement SignedBy(KnownFields fields, string scope)
    {
        fields.Allow("type", "keyType", "keyPath", "keyPaths", "keyData", "signedIdentity");
        var keyType = fields.Text("keyType");
        if (keyType is not ("GPGKeys" or "signedByGPGKeys" or "X509Certificates" or "signedByX509CAs"))
            throw new InvalidPolicyException($"unknown keyType \"{keyType}\"");
        var requirement = new SignatureRequirement("signedBy", scope);
        return new PolicyRequirement(PolicyRequirementKind.Signature, Identified(fields, WithKey(fields, requirement, fields.OneOf("keyPath", "keyPaths", "keyData"))))
        {
            Unsupported = keyType == "GPGKeys" ? "" : $"keyType {keyType}",
        };
    }

    private static PolicyRequirement Sigstore(KnownFields fields, string scope)
    {
        fields.Allow(["type", "keyPath", "keyPaths", "keyData", "keyDatas", "signedIdentity", .. Unsupported]);
        var key = fields.OneOf("keyPath", "keyPaths", "keyData", "keyDatas", "fulcio", "pki");
        return new PolicyRequirement(PolicyRequirementKind.Signature, Identified(fields, WithKey(fields, new SignatureRequirement("sigstoreSigned", scope), key)))
        {
            Unsupported = string.Join(", ", Unsupported.Where(fields.Has)),
        };
    }

    private static SignatureRequirement WithKey(KnownFields fields, SignatureRequirement requirement, string name) => name switch
    {
        "keyPath" => requirement with { KeyPaths = [fields.Required(name)] },
        "keyPaths" => requirement with { KeyPaths = Several(fields, name) },
        "keyData" => requirement with { KeyData = [fields.Required(name)] },
        "keyDatas" => requirement with { KeyData = Several(fields, name) },
        _ => requirement,
    };

    private static IReadOnlyList<string> Several(KnownFields fields, string name) =>
        fields.Texts(name) is { Count: > 0 } texts ? texts : throw new InvalidPolicyException($"{name} must not be empty");

    private static SignatureRequirement Identified(KnownFields fields, SignatureRequirement requirement)
    {
        if (fields.Find("signedIdentity") is not { } element) return requirement;
        var identity = new KnownFields(element, "signedIdentity");
        var type = identity.Text("type");
        switch (type)
        {
            case "matchExact" or "matchRepoDigestOrExact" or "matchRepository":
                identity.Allow("type");
                return requirement with { IdentityMatch = type };
            case "exactReference":
                identity.Allow("type", "dockerReference");
                return requirement with { IdentityMatch = type, Identity = Name(identity, "dockerReference", exact: true) };
            case "exactRepository":
                identity.Allow("type", "dockerRepository");
                return requirement with { IdentityMatch = type, Identity = Name(identity, "dockerRepository", exact: false) };
            case "remapIdentity":
                identity.Allow("type", "prefix", "signedPrefix");
                return requirement with { IdentityMatch = type, Identity = Prefix(identity, "prefix"), SignedPrefix = Prefix(identity, "signedPrefix") };
            default:
                throw new InvalidPolicyException($"unknown signedIdentity type \"{type}\"");
        }
    }

    private static string Name(KnownFields identity, string field, bool exact)
    {
        var text = identity.Required(field);
        if (!ImageReference.TryParse(text, out var name)) throw new InvalidPolicyException($"{field}: \"{text}\" is no image name");
        if (exact && name.Tag is null && name.Digest is null) throw new InvalidPolicyException($"{field}: \"{text}\" has neither tag nor digest");
        return exact ? name.ToString() : name.Repository;
    }

    // A host, a namespace or a repository, fully expanded.
    private static string Prefix(KnownFields identity, string field)
    {
        var text = identity.Required(field);
        var isHost = !text.Contains('/', StringComparison.Ordinal) && ImageReference.TryParse($"{text}/x", out var below) && below.Registry == text;
        var isRepository = ImageReference.TryParse(text, out var name) && name.Repository == text && name.Tag is null && name.Digest is null;
        return isHost || isRepository || (ImageReference.TryParse($"{text}/x", out var inside) && inside.Repository == $"{text}/x")
            ? text
            : throw new InvalidPolicyException($"{field}: \"{text}\" is no host, namespace or repository, fully expanded");
    }
}
