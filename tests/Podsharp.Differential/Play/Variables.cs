using System.Text.RegularExpressions;

namespace Podsharp.Differential.Play;

/// <summary>What one engine's replies have told so far.</summary>
public sealed partial class Variables
{
    private readonly Dictionary<string, string> _values = [];

    public string this[string name]
    {
        set => _values[name] = value;
    }

    /// <summary>Replaces each ${name}. An unknown one becomes text that no engine knows.</summary>
    public string Expand(string text) => Reference().Replace(text, match => _values.GetValueOrDefault(match.Groups[1].Value) ?? "unknown-" + match.Groups[1].Value);

    /// <returns>Each known text that is long enough to be nobody else's, with its name; longest first.</returns>
    public IEnumerable<KeyValuePair<string, string>> Names() =>
        _values.Where(pair => pair.Value.Length >= 12).OrderByDescending(pair => pair.Value.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal);

    [GeneratedRegex(@"\$\{([A-Za-z0-9_]+)\}")]
    private static partial Regex Reference();
}
