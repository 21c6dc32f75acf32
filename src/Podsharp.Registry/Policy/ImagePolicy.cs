using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Policy;

/// <inheritdoc cref="IImagePolicy"/>
public sealed class ImagePolicy(RegistryPlaces places) : IImagePolicy
{
    private const string RemoteTransport = "docker";

    public PolicyVerdict JudgeRemote(ImageReference reference) => Judge(RemoteTransport, PolicyScopes.OfRemote(reference));

    public PolicyVerdict JudgeLocal(string transport, string scope) => Judge(transport, PolicyScopes.OfLocal(scope));

    private PolicyVerdict Judge(string transport, IEnumerable<string> scopes)
    {
        var path = places.Policies.FirstOrDefault(File.Exists)
            ?? throw EngineException.InvalidInput($"there is no policy.json: none of {string.Join(", ", places.Policies)} exists; see containers-policy.json(5)");
        var (scope, requirements) = Applying(PolicyFile.Read(path), transport, scopes);
        // All must be met, so one that can't be decides alone.
        if (requirements.Any(requirement => requirement.Kind == PolicyRequirementKind.Reject))
            return new PolicyVerdict(PolicyDecision.Reject, $"\"reject\" stands under {scope} in {path}");
        var signatures = requirements.Select(requirement => requirement.Signature).OfType<SignatureRequirement>().ToList();
        if (signatures.Count == 0) return PolicyVerdict.Accepted;
        var types = string.Join(", ", signatures.Select(signature => $"\"{signature.Type}\"").Distinct());
        return new PolicyVerdict(PolicyDecision.NeedsSignature, $"{types} stands under {scope} in {path}, and signatures of that type cannot be checked yet") { Signatures = signatures };
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
