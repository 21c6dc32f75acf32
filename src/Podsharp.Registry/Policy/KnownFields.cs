using System.Text.Json;

namespace Podsharp.Registry.Policy;

/// <summary>The members of a JSON object that somebody vouches for: all must be known and none may come twice.</summary>
internal sealed class KnownFields
{
    private readonly Dictionary<string, JsonElement> _fields = [];
    private readonly string _what;

    public KnownFields(JsonElement element, string what)
    {
        _what = what;
        if (element.ValueKind != JsonValueKind.Object) throw new InvalidPolicyException($"{what} wants to be an object");
        foreach (var property in element.EnumerateObject())
        {
            if (!_fields.TryAdd(property.Name, property.Value)) throw new InvalidPolicyException($"{what} has \"{property.Name}\" twice");
        }
    }

    public void Allow(params ReadOnlySpan<string> names)
    {
        foreach (var name in _fields.Keys)
        {
            if (!names.Contains(name)) throw new InvalidPolicyException($"{_what} has the unknown key \"{name}\"");
        }
    }

    public bool Has(string name) => _fields.ContainsKey(name);

    public JsonElement? Find(string name) => _fields.TryGetValue(name, out var value) ? value : null;

    /// <summary>Empty when it isn't there.</summary>
    public string Text(string name) => Find(name) is not { } value ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(name, "text");

    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw new InvalidPolicyException($"{_what} wants {name}");

    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String)) throw Wrong(name, "a list of texts");
        return [.. value.EnumerateArray().Select(static item => item.GetString()!)];
    }

    /// <summary>The one of <paramref name="names"/> that is there, of which there must be exactly one.</summary>
    public string OneOf(params ReadOnlySpan<string> names)
    {
        var found = "";
        foreach (var name in names)
        {
            if (!Has(name)) continue;
            if (found.Length > 0) throw new InvalidPolicyException($"{_what} has {found} and {name}: want one of them");
            found = name;
        }

        return found.Length > 0 ? found : throw new InvalidPolicyException($"{_what} wants one of {string.Join(", ", names.ToArray())}");
    }

    private InvalidPolicyException Wrong(string name, string wanted) => new($"{name} of {_what}: want {wanted}");
}
