using System.Text.Json;

namespace Podsharp.ApiSpec.Tests;

/// <summary>The fields of a body by its schema in an API document, as paths: "HostConfig.Mounts.Source"; a map's keys are "*".</summary>
internal sealed class BodyFields(JsonElement document)
{
    /// <returns>All that the schema knows.</returns>
    public IEnumerable<string> Known(JsonElement schema, string prefix = "")
    {
        foreach (var part in Parts(schema))
        {
            foreach (var property in Properties(part))
                foreach (var path in Known(property.Value, prefix + property.Name + ".").Prepend(prefix + property.Name)) yield return path;
            foreach (var path in Below(part, "items", prefix).Concat(Below(part, "additionalProperties", prefix + "*."))) yield return path;
        }

        IEnumerable<string> Below(JsonElement part, string name, string below) =>
            part.TryGetProperty(name, out var inner) && inner.ValueKind == JsonValueKind.Object ? Known(inner, below) : [];
    }

    /// <returns>Those of them that a body has.</returns>
    public IEnumerable<string> In(JsonElement body, JsonElement schema, string prefix = "")
    {
        foreach (var part in Parts(schema))
        {
            if (body.ValueKind == JsonValueKind.Array && part.TryGetProperty("items", out var items))
                foreach (var path in body.EnumerateArray().SelectMany(element => In(element, items, prefix))) yield return path;
            if (body.ValueKind != JsonValueKind.Object) continue;
            foreach (var property in Properties(part).Where(property => body.TryGetProperty(property.Name, out _)))
                foreach (var path in In(body.GetProperty(property.Name), property.Value, prefix + property.Name + ".").Prepend(prefix + property.Name)) yield return path;
            if (part.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object)
                foreach (var path in body.EnumerateObject().SelectMany(entry => In(entry.Value, values, prefix + "*."))) yield return path;
        }
    }

    private static IEnumerable<JsonProperty> Properties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : [];

    // A schema, and what it refers to or is put together from.
    private IEnumerable<JsonElement> Parts(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        yield return schema;
        if (!schema.TryGetProperty("allOf", out var all)) yield break;
        foreach (var part in all.EnumerateArray().SelectMany(Parts)) yield return part;
    }
}
