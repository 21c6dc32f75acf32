using Podsharp.Core.Images;

namespace Podsharp.Registry.Policy;

/// <summary>The scopes an image falls under, most specific first (containers-policy.json(5)).</summary>
internal static class PolicyScopes
{
    /// <summary>The image itself, its repository, the namespaces above, the host, and the hosts above as <c>*.host</c>.</summary>
    public static IEnumerable<string> OfRemote(ImageReference reference)
    {
        yield return reference.Repository + (reference.Digest is { } digest ? $"@{digest}" : $":{reference.Tag ?? ImageReference.DefaultTag}");
        foreach (var scope in Upwards(reference.Repository)) yield return scope;
        for (var dot = reference.Registry.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = reference.Registry.IndexOf('.', dot + 1))
            yield return "*" + reference.Registry[dot..];
    }

    /// <summary>The path and the directories above.</summary>
    public static IEnumerable<string> OfLocal(string scope) => scope.Length == 0 ? [] : Upwards(scope).Append("/");

    private static IEnumerable<string> Upwards(string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('/', end - 1)) yield return name[..end];
    }
}
