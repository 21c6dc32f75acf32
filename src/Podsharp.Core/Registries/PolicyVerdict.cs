using Podsharp.Core.Errors;

namespace Podsharp.Core.Registries;

public enum PolicyDecision
{
    Accept,
    Reject,

    /// <summary>Accept when every one of <see cref="PolicyVerdict.Signatures"/> is met.</summary>
    NeedsSignature,
}

/// <param name="Reason">For people, empty when accepted: names the requirement and the scope it stands under.</param>
public sealed record PolicyVerdict(PolicyDecision Decision, string Reason)
{
    public static PolicyVerdict Accepted { get; } = new(PolicyDecision.Accept, "");

    public IReadOnlyList<SignatureRequirement> Signatures { get; init; } = [];

    /// <summary>Throws Forbidden with the reason unless the image is accepted without a look at signatures, which are not checked yet.</summary>
    public void RequireAccepted(string image)
    {
        if (Decision == PolicyDecision.Accept) return;
        throw new EngineException(ErrorKind.Forbidden, $"Source image rejected: {image}: {Reason}", "image rejected by policy");
    }
}

/// <summary>A signature that the policy wants.</summary>
/// <param name="Type">signedBy or sigstoreSigned.</param>
/// <param name="Scope">The policy's scope it stands under: <c>docker.io/library</c>, or empty for a default.</param>
public sealed record SignatureRequirement(string Type, string Scope)
{
    public string KeyType { get; init; } = "";

    /// <summary>Files with public keys; any may have signed.</summary>
    public IReadOnlyList<string> KeyPaths { get; init; } = [];

    /// <summary>Public keys in place of files, base64.</summary>
    public IReadOnlyList<string> KeyData { get; init; } = [];

    /// <summary>matchExact, matchRepoDigestOrExact, matchRepository, exactReference, exactRepository or remapIdentity.</summary>
    public string IdentityMatch { get; init; } = "matchRepoDigestOrExact";

    /// <summary>dockerReference, dockerRepository, or prefix of the identity.</summary>
    public string Identity { get; init; } = "";

    /// <summary>signedPrefix of remapIdentity.</summary>
    public string SignedPrefix { get; init; } = "";
}
