using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podsharp.Differential.Shapes;

/// <summary>
/// A reply as places and what is found at each: ".State.Status" → "running". The elements of an array share one place, "[]";
/// null, empty and absent are three things.
/// </summary>
public sealed class Shape(Normaliser normaliser, bool typesOnly)
{
    private readonly SortedDictionary<string, SortedSet<string>> _places = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, SortedSet<string>> Places => _places;

    public void AddText(string place, string text) => Add(place, normaliser.Clean(text));

    public void AddJson(string place, JsonNode? node)
    {
        switch (node)
        {
            case null:
                Add(place, "null");
                break;
            case JsonObject map:
                if (place.Length > 0 || map.Count == 0) Add(place, map.Count == 0 ? "{}" : "{…}");
                foreach (var (key, value) in map) AddJson($"{place}.{normaliser.Clean(key)}", value);
                break;
            case JsonArray list:
                Add(place, list.Count == 0 ? "[]" : "[…]");
                foreach (var element in list) AddJson(place + "[]", element);
                break;
            default:
                Add(place, Scalar(place, (JsonValue)node));
                break;
        }
    }

    private void Add(string place, string found)
    {
        if (!_places.TryGetValue(place, out var all)) _places[place] = all = new SortedSet<string>(StringComparer.Ordinal);
        all.Add(found);
    }

    private string Scalar(string place, JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => typesOnly ? "boolean" : "true",
        JsonValueKind.False => typesOnly ? "boolean" : "false",
        JsonValueKind.Number => Number(place, value.GetValue<double>()),
        _ when typesOnly && place != ".message" => value.GetValue<string>().Length == 0 ? "\"\"" : "text",
        _ => $"\"{normaliser.Clean(value.GetValue<string>())}\"",
    };

    // Small numbers are codes and counts; large ones are sizes, times and process ids. A process id may be small, too.
    private string Number(string place, double number)
    {
        if (typesOnly) return "number";
        if (number > 0 && place.EndsWith(".Pid", StringComparison.Ordinal)) return "<number>";
        return Math.Abs(number) < 1000 && number == Math.Floor(number) ? number.ToString(CultureInfo.InvariantCulture) : "<number>";
    }
}
