namespace Podsharp.Core.Containers;

/// <summary>A label (security context) of SELinux, "user:role:type:level".</summary>
/// <param name="Level">Sensitivity and categories, "s0:c1,c2"; empty where the machine's policy has no levels.</param>
public readonly record struct SecurityLabel(string User, string Role, string Type, string Level)
{
    /// <summary>The same without categories, of the lowest sensitivity: what all containers may use.</summary>
    public SecurityLabel WithoutCategories => this with { Level = Level.Split(':', '-')[0] };

    /// <summary>Null when it is none. What could end a word in mount options is in no label.</summary>
    public static SecurityLabel? TryParse(string text)
    {
        var parts = text.Split(':', 4);
        if (parts.Length < 3 || parts.Take(3).Any(static part => !IsName(part))) return null;
        if (parts.Length == 4 && !IsLevel(parts[3])) return null;
        return new SecurityLabel(parts[0], parts[1], parts[2], parts.Length == 4 ? parts[3] : "");
    }

    /// <summary>Whether it can be a user, a role or a type.</summary>
    public static bool IsName(string text) => text.Length > 0 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');

    public static bool IsLevel(string text) =>
        text.Length > 0 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-' or ':' or ',');

    public override string ToString() => Level is { Length: > 0 } ? $"{User}:{Role}:{Type}:{Level}" : $"{User}:{Role}:{Type}";
}
