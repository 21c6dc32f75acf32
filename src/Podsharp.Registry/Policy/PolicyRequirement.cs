using Podsharp.Core.Registries;

namespace Podsharp.Registry.Policy;

internal enum PolicyRequirementKind
{
    AcceptAnything,
    Reject,
    Signature,
}

/// <param name="Signature">What is wanted, for <see cref="PolicyRequirementKind.Signature"/>.</param>
internal sealed record PolicyRequirement(PolicyRequirementKind Kind, SignatureRequirement? Signature = null)
{
    /// <summary>What of it cannot be checked here, as the file spells it; empty when all can.</summary>
    public string Unsupported { get; init; } = "";
}
