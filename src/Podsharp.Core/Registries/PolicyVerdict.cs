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

    /// <summary>Throws Forbidden with the reason when the image is rejected whatever signatures it has.</summary>
    public void RefuseRejected()
    {
        if (Decision == PolicyDecision.Reject) throw Rejected(Reason);
    }

    /// <summary>The same for an image that can have no signatures.</summary>
    public void RequireAccepted()
    {
        RefuseRejected();
        if (Decision == PolicyDecision.NeedsSignature) throw Rejected($"A signature was required, but no signature exists: {Reason}");
    }

    public static EngineException Rejected(string why) => new(ErrorKind.Forbidden, $"Source image rejected: {why}", "image rejected by policy");
}

/// <summary>A signature that the policy wants.</summary>
/// <param name="Type">signedBy or sigstoreSigned.</param>
/// <param name="Scope">The policy's scope it stands under: <c>docker.io/library</c>, or empty for a default.</param>
public sealed record SignatureRequirement(string Type, string Scope)
{
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
