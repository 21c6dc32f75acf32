using Podsharp.Core.Errors;

namespace Podsharp.Core.Queries;

/// <summary>
/// What a list is narrowed by: keys with one or more values each. Values of one key are alternatives (except label, where all
/// must hold); different keys must all hold (reference/wire-types.md A1.9).
/// </summary>
public sealed class Filters(IReadOnlyDictionary<string, IReadOnlyList<string>> values)
{
    public static Filters None { get; } = new(new Dictionary<string, IReadOnlyList<string>>());

    public bool IsEmpty => values.Count == 0;

    public IEnumerable<string> Keys => values.Keys;

    /// <summary>A key that was given without any value narrows nothing.</summary>
    public bool Has(string key) => this[key].Count > 0;

    public IReadOnlyList<string> this[string key] => values.TryGetValue(key, out var found) ? found : [];

    /// <summary>Refuses keys that the list does not know: InvalidInput naming the key.</summary>
    public Filters Knowing(params ReadOnlySpan<string> keys)
    {
        foreach (var key in values.Keys)
            if (!keys.Contains(key)) throw new EngineException(ErrorKind.InvalidInput, $"invalid filter '{key}'", "invalid filter");
        return this;
    }

    /// <summary>The value of a key that may have one only; null when absent; InvalidInput names the key of several.</summary>
    public string? Single(string key) => this[key] switch
    {
        [] => null,
        [var value] => value,
        _ => throw EngineException.InvalidInput($"more than one {key} filter specified"),
    };

    /// <summary>True when the key has no value or one of its values passes.</summary>
    public bool AnyOf(string key, Func<string, bool> passes) => !Has(key) || this[key].Any(passes);

    /// <summary>label=k or label=k=v: all must hold; label!=… : none may hold.</summary>
    public bool MatchesLabels(IReadOnlyDictionary<string, string> labels) =>
        this["label"].All(text => HasLabel(labels, text)) && !this["label!"].Any(text => HasLabel(labels, text));

    /// <summary>A boolean filter (true, 1, false, 0); null when absent; InvalidInput for anything else.</summary>
    public bool? Flag(string key)
    {
        if (!Has(key)) return null;
        var found = this[key];
        return found is [var only] && GoBoolean.Parse(only) is { } flag
            ? flag
            : throw EngineException.InvalidInput($"invalid filter '{key}=[{string.Join(' ', found)}]': want true or false");
    }

    private static bool HasLabel(IReadOnlyDictionary<string, string> labels, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(text)
            : labels.TryGetValue(text[..equals], out var value) && value == text[(equals + 1)..];
    }
}
