using Podsharp.Core.Errors;

namespace Podsharp.Registry.Configuration;

/// <summary>A table of a file; a value of the wrong type is InvalidInput naming file and key.</summary>
internal sealed class TomlTable(string path, IReadOnlyDictionary<string, object> values)
{
    public string Path => path;

    public IEnumerable<string> Keys => values.Keys;

    public bool Has(string key) => values.ContainsKey(key);

    public string? Text(string key) => Value<string>(key, "text");

    public bool Flag(string key) => values.TryGetValue(key, out var value) && (value is bool flag ? flag : throw Wrong(key, "true or false"));

    public IReadOnlyList<string>? Texts(string key) =>
        Value<List<object>>(key, "a list of strings")?.ConvertAll(item => item as string ?? throw Wrong(key, "a list of strings"));

    public TomlTable? Table(string key) =>
        Value<Dictionary<string, object>>(key, "a table") is { } table ? new TomlTable(path, table) : null;

    public IReadOnlyList<TomlTable> Tables(string key) =>
        Value<List<object>>(key, $"[[{key}]]")?.ConvertAll(item => new TomlTable(path, item as Dictionary<string, object> ?? throw Wrong(key, $"[[{key}]]"))) ?? [];

    public EngineException Wrong(string key, string want) => EngineException.InvalidInput($"{path}: {key}: want {want}");

    private T? Value<T>(string key, string want)
        where T : class =>
        values.TryGetValue(key, out var value) ? value as T ?? throw Wrong(key, want) : null;
}
