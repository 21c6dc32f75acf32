using System.Text.Json;
using Podsharp.Core.Errors;

namespace Podsharp.Registry.Policy;

/// <summary>Reads policy.json. What isn't understood is an error: a policy half read is none.</summary>
internal static class PolicyFile
{
    public static PolicyContent Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return ReadRoot(document.RootElement);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or InvalidPolicyException)
        {
            throw EngineException.InvalidInput($"invalid policy in \"{path}\": {failure.Message}");
        }
    }

    private static PolicyContent ReadRoot(JsonElement root)
    {
        var fallback = (IReadOnlyList<PolicyRequirement>?)null;
        var transports = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<PolicyRequirement>>>();
        foreach (var property in Objects(root, "the policy"))
        {
            if (property.NameEquals("default"u8) && fallback is null) fallback = Requirements(property.Value, "");
            else if (property.NameEquals("transports"u8)) ReadTransports(property.Value, transports);
            else throw new InvalidPolicyException($"unknown key \"{property.Name}\"");
        }

        return new PolicyContent(fallback ?? throw new InvalidPolicyException("there is no default"), transports);
    }

    private static void ReadTransports(JsonElement element, Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<PolicyRequirement>>> transports)
    {
        foreach (var transport in Objects(element, "transports"))
        {
            var scopes = new Dictionary<string, IReadOnlyList<PolicyRequirement>>();
            foreach (var scope in Objects(transport.Value, transport.Name))
            {
                if (!scopes.TryAdd(scope.Name, Requirements(scope.Value, scope.Name))) throw new InvalidPolicyException($"{transport.Name} has \"{scope.Name}\" twice");
            }

            if (!transports.TryAdd(transport.Name, scopes)) throw new InvalidPolicyException($"transports has \"{transport.Name}\" twice");
        }
    }

    private static List<PolicyRequirement> Requirements(JsonElement element, string scope)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() == 0)
            throw new InvalidPolicyException($"\"{(scope.Length == 0 ? "default" : scope)}\" wants a list of at least one requirement");
        return [.. element.EnumerateArray().Select(item => RequirementReader.Read(item, scope))];
    }

    private static JsonElement.ObjectEnumerator Objects(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : throw new InvalidPolicyException($"{name}: want an object");
}
