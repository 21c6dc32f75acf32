using System.Text;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Queries;

namespace Podsharp.Api.Queries;

/// <summary>The <c>filters</c> parameter: each key with its values, in the form <c>{"k":["v"]}</c> or the old <c>{"k":{"v":true}}</c>.</summary>
internal static class FilterText
{
    public static Filters Parse(string json)
    {
        if (string.IsNullOrWhiteSpace(json)) return Filters.None;
        var values = new Dictionary<string, IReadOnlyList<string>>();
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
            if (document.RootElement.ValueKind == JsonValueKind.Null) return Filters.None;
            foreach (var member in document.RootElement.EnumerateObject()) values[member.Name] = [.. ValuesOf(member.Value)];
            return new Filters(values);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new EngineException(ErrorKind.InvalidInput, $"invalid filters: want {{\"key\":[\"value\"]}}, got {json}", "invalid filter", failure);
        }
    }

    private static IEnumerable<string> ValuesOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Object => element.EnumerateObject().Where(member => member.Value.GetBoolean()).Select(member => member.Name),
        _ => element.EnumerateArray().Select(value => value.GetString() ?? ""),
    };
}
