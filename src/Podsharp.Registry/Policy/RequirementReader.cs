using System.Text.Json;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Policy;

/// <summary>Reads one requirement of policy.json.</summary>
internal static class RequirementReader
{
    public static PolicyRequirement Read(JsonElement element, string scope)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new InvalidPolicyException("a requirement wants to be an object");
        return Text(element, "type") switch
        {
            "insecureAcceptAnything" => new PolicyRequirement(PolicyRequirementKind.AcceptAnything),
            "reject" => new PolicyRequirement(PolicyRequirementKind.Reject),
            "signedBy" => new PolicyRequirement(PolicyRequirementKind.Signature, SignedBy(element, scope)),
            "sigstoreSigned" => new PolicyRequirement(PolicyRequirementKind.Signature, Identified(element, Sigstore(element, scope))),
            var type => throw new InvalidPolicyException($"unknown requirement type \"{type}\""),
        };
    }

    private static SignatureRequirement SignedBy(JsonElement element, string scope)
    {
        var keyType = Text(element, "keyType");
        if (keyType is not ("GPGKeys" or "signedByGPGKeys" or "X509Certificates" or "signedByX509CAs"))
            throw new InvalidPolicyException($"unknown keyType \"{keyType}\"");
        var keys = new SignatureRequirement("signedBy", scope)
        {
            KeyType = keyType,
            KeyPaths = [.. Texts(element, "keyPath"), .. Texts(element, "keyPaths")],
            KeyData = [.. Texts(element, "keyData")],
        };
        if (keys.KeyPaths.Count == 0 && keys.KeyData.Count == 0) throw new InvalidPolicyException("signedBy wants keyPath, keyPaths or keyData");
        return Identified(element, keys);
    }

    private static SignatureRequirement Sigstore(JsonElement element, string scope)
    {
        var keys = new SignatureRequirement("sigstoreSigned", scope)
        {
            KeyPaths = [.. Texts(element, "keyPath"), .. Texts(element, "keyPaths")],
            KeyData = [.. Texts(element, "keyData"), .. Texts(element, "keyDatas")],
        };
        var byKeys = keys.KeyPaths.Count + keys.KeyData.Count > 0;
        return byKeys || element.TryGetProperty("fulcio", out _) || element.TryGetProperty("pki", out _)
            ? keys
            : throw new InvalidPolicyException("sigstoreSigned wants keyPath, keyPaths, keyData, keyDatas, fulcio or pki");
    }

    private static SignatureRequirement Identified(JsonElement element, SignatureRequirement requirement)
    {
        if (!element.TryGetProperty("signedIdentity", out var identity)) return requirement;
        var type = identity.ValueKind == JsonValueKind.Object ? Text(identity, "type") : "";
        return requirement with
        {
            IdentityMatch = type,
            Identity = type switch
            {
                "matchExact" or "matchRepoDigestOrExact" or "matchRepository" => "",
                "exactReference" => Required(identity, "dockerReference"),
                "exactRepository" => Required(identity, "dockerRepository"),
                "remapIdentity" => Required(identity, "prefix"),
                _ => throw new InvalidPolicyException($"unknown signedIdentity type \"{type}\""),
            },
            SignedPrefix = type == "remapIdentity" ? Required(identity, "signedPrefix") : "",
        };
    }

    private static string Required(JsonElement element, string name) =>
        Text(element, name) is { Length: > 0 } text ? text : throw new InvalidPolicyException($"signedIdentity wants {name}");

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // A text or a list of texts.
    private static IEnumerable<string> Texts(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value)) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            return value.EnumerateArray().Select(item => item.GetString()!);
        throw new InvalidPolicyException($"{name}: want text");
    }
}
