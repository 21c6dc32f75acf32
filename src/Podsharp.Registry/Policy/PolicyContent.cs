namespace Podsharp.Registry.Policy;

/// <summary>policy.json, checked.</summary>
/// <param name="Transports">Requirements by scope, by transport.</param>
internal sealed record PolicyContent(
    IReadOnlyList<PolicyRequirement> Default, IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<PolicyRequirement>>> Transports);
