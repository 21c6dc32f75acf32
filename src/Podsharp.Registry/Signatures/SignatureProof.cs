using Podsharp.Core.Registries;
using Podsharp.Registry.Policy;

namespace Podsharp.Registry.Signatures;

/// <summary>Holds the signatures of an image against what a policy wants: each requirement must be met by one of them.</summary>
public sealed class SignatureProof(SignatureSources sources, IOpenPgp openPgp)
{
    private const string None = "A signature was required, but no signature exists";

    internal async Task RequireAsync(PolicyVerdict verdict, RemoteManifests image, CancellationToken cancellationToken)
    {
        foreach (var requirement in verdict.Signatures)
        {
            var refusals = new List<string>();
            var isMet = requirement.Type == "signedBy"
                ? await IsSignedAsync(requirement, image, refusals, cancellationToken)
                : await IsSigstoreSignedAsync(requirement, image, refusals, cancellationToken);
            if (isMet) continue;
            throw PolicyVerdict.Rejected(refusals switch
            {
                [] => $"{None} ({verdict.Reason})",
                [var only] => $"{only} ({verdict.Reason})",
                _ => $"None of the signatures were accepted, reasons: {string.Join("; ", refusals.Distinct())} ({verdict.Reason})",
            });
        }
    }

    private async Task<bool> IsSignedAsync(SignatureRequirement requirement, RemoteManifests image, List<string> refusals, CancellationToken cancellationToken)
    {
        var keys = PublicKeys.ReadOpenPgp(requirement);
        foreach (var signature in await sources.ReadSimpleAsync(image, cancellationToken))
        {
            var opened = await openPgp.OpenAsync(signature.Message, keys, cancellationToken);
            if (!opened.IsProven) refusals.Add($"Invalid GPG signature: {opened.Failure}");
            else if (Covers(requirement, image, opened.Content, SignedClaim.Simple, refusals)) return true;
        }

        return false;
    }

    private async Task<bool> IsSigstoreSignedAsync(
        SignatureRequirement requirement, RemoteManifests image, List<string> refusals, CancellationToken cancellationToken)
    {
        var keys = PublicKeys.Read(requirement);
        foreach (var signature in await sources.ReadSigstoreAsync(image, cancellationToken))
        {
            if (signature.Signature is not { } text) refusals.Add($"missing {SigstoreAttachments.SignatureAnnotation} annotation");
            else if (!IsBy(keys, signature.Payload, text)) refusals.Add("cryptographic signature verification failed: the signature is by none of the keys");
            else if (Covers(requirement, image, signature.Payload, SignedClaim.Sigstore, refusals)) return true;
        }

        return false;
    }

    private static bool IsBy(IReadOnlyList<byte[]> keys, ReadOnlyMemory<byte> payload, string signature)
    {
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length) && keys.Any(key => SigstoreKey.HasSigned(key, payload.Span, bytes.AsSpan(0, length)));
    }

    /// <summary>Whether what was signed speaks of this image.</summary>
    private static bool Covers(SignatureRequirement requirement, RemoteManifests image, ReadOnlyMemory<byte> content, string type, List<string> refusals)
    {
        try
        {
            var claim = SignedClaim.Parse(content, type);
            if (!image.Digests.Contains(claim.Manifest)) refusals.Add($"Signature for digest {claim.Manifest} does not match");
            else if (!SignedIdentity.Matches(requirement, image.Reference, claim.Reference)) refusals.Add($"Signature for identity \"{claim.Reference}\" is not accepted");
            else return true;
        }
        catch (InvalidPolicyException failure)
        {
            refusals.Add($"Invalid signature: {failure.Message}");
        }

        return false;
    }
}
