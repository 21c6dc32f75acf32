using System.Globalization;
using Podsharp.Core.Errors;

namespace Podsharp.Service.Options;

/// <summary>Values of configuration files by key, with every fault collected instead of the first thrown.</summary>
internal sealed class Settings(IReadOnlyDictionary<string, object> values, List<string> faults)
{
    public string Text(string key, string absent) => Value<string>(key, "text") ?? absent;

    public bool Flag(string key, bool absent) => values.ContainsKey(key) ? Value<object>(key, "true or false") is bool flag ? flag : Fault(key, "true or false", absent) : absent;

    public long Number(string key, long absent) => values.ContainsKey(key) ? Value<object>(key, "a whole number") is long number ? number : Fault(key, "a whole number", absent) : absent;

    public IReadOnlyList<string> List(string key, IReadOnlyList<string> absent) =>
        Value<ConfiguredList>(key, "a list of strings") is { } list ? list.AddsToDefault ? [.. absent, .. list.Items] : list.Items : absent;

    /// <summary>A number of bytes, or text such as "65536k", "64m".</summary>
    public long Size(string key, long absent)
    {
        if (!values.TryGetValue(key, out var value)) return absent;
        return value switch
        {
            long number => number,
            string text when SizeText.TryParse(text, out var size) => size,
            _ => Fault(key, "a size such as 64m", absent),
        };
    }

    /// <summary>Each item read by <paramref name="parse"/>, which answers null for a bad one.</summary>
    public IReadOnlyList<T> List<T>(string key, string want, IReadOnlyList<T> absent, Func<string, T?> parse)
        where T : class
    {
        if (Value<ConfiguredList>(key, "a list of strings") is not { } list) return absent;
        var items = list.AddsToDefault ? absent.ToList() : [];
        foreach (var text in list.Items)
        {
            if (parse(text) is { } item) items.Add(item);
            else faults.Add($"{key}: \"{text}\" is not {want}");
        }

        return items;
    }

    /// <summary>All lists below a table: engine.runtimes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists(string table)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (key, value) in values)
        {
            if (key.StartsWith(table + ".", StringComparison.Ordinal) && value is ConfiguredList list) found[key[(table.Length + 1)..]] = list.Items;
        }

        return found;
    }

    private T? Value<T>(string key, string want)
        where T : class
    {
        if (!values.TryGetValue(key, out var value)) return null;
        return value as T ?? Fault<T?>(key, want, null);
    }

    private T Fault<T>(string key, string want, T fallback)
    {
        faults.Add($"{key}: want {want}, not {Convert.ToString(values[key], CultureInfo.InvariantCulture)}");
        return fallback;
    }
}
