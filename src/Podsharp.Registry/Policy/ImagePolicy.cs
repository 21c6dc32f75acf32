using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Configuration;
using Podsharp.Registry.Signatures;

namespace Podsharp.Registry.Policy;

/// <inheritdoc cref="IImagePolicy"/>
public sealed class ImagePolicy(RegistryPlaces places, SignatureProof proof) : IImagePolicy
{
    private const string RemoteTransport = "docker";

    public PolicyVerdict JudgeRemote(ImageReference reference) => Judge(RemoteTransport, $"//{reference}", PolicyScopes.OfRemote(reference));

    public PolicyVerdict JudgeArchive(ImageArchiveForm form) => JudgeLocal(
        form switch
        {
            ImageArchiveForm.Items => "docker-archive",
            ImageArchiveForm.Layout => "oci-archive",
            _ => "tarball",
        },
        "");

    internal PolicyVerdict JudgeLocal(string transport, string scope) => Judge(transport, scope, PolicyScopes.OfLocal(scope));

    public Task ProveAsync(PolicyVerdict verdict, RemoteManifests image, CancellationToken cancellationToken)
    {
        verdict.RefuseRejected();
        return verdict.Signatures.Count == 0 ? Task.CompletedTask : proof.RequireAsync(verdict, image, cancellationToken);
    }

    private PolicyVerdict Judge(string transport, string name, IEnumerable<string> scopes)
    {
        var path = places.Policies.FirstOrDefault(File.Exists)
            ?? throw EngineException.InvalidInput($"there is no policy.json: none of {string.Join(", ", places.Policies)} exists; see containers-policy.json(5)");
        var (scope, requirements) = Applying(PolicyFile.Read(path), transport, scopes);
        // All must be met, so one that can't be decides alone.
        if (requirements.Any(requirement => requirement.Kind == PolicyRequirementKind.Reject))
            return new PolicyVerdict(PolicyDecision.Reject, $"Running image {transport}:{name} is rejected by policy (\"reject\" stands under {scope} in {path})");
        if (requirements.FirstOrDefault(requirement => requirement.Unsupported.Length > 0) is { } unsupported)
        {
            return new PolicyVerdict(
                PolicyDecision.Reject, $"\"{unsupported.Signature!.Type}\" with {unsupported.Unsupported} stands under {scope} in {path}, and that is not supported: want keys");
        }

        var signatures = requirements.Select(requirement => requirement.Signature).OfType<SignatureRequirement>().ToList();
        if (signatures.Count == 0) return PolicyVerdict.Accepted;
        var types = string.Join(", ", signatures.Select(signature => $"\"{signature.Type}\"").Distinct());
        return new PolicyVerdict(PolicyDecision.NeedsSignature, $"{types} stands under {scope} in {path}") { Signatures = signatures };
    }

    private static (string Scope, IReadOnlyList<PolicyRequirement> Requirements) Applying(PolicyContent policy, string transport, IEnumerable<string> scopes)
    {
        if (policy.Transports.TryGetValue(transport, out var byScope))
        {
            foreach (var scope in scopes.Append(""))
            {
                if (byScope.TryGetValue(scope, out var requirements)) return ($"{transport}:{scope}", requirements);
            }
        }

        return ("default", policy.Default);
    }
}
