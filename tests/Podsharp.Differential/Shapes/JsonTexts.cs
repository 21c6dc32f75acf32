using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podsharp.Differential.Shapes;

/// <summary>JSON documents as they come: one, or a stream of them.</summary>
public static class JsonTexts
{
    /// <returns>Nothing where the bytes aren't JSON.</returns>
    public static IReadOnlyList<JsonNode?> Read(byte[] bytes)
    {
        var documents = new List<JsonNode?>();
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read()) documents.Add(JsonNode.Parse(ref reader));
        }
        catch (JsonException)
        {
            // A stream that was cut may end within a document.
            if (documents.Count == 0) return [];
        }
        return documents;
    }

    /// <param name="path">".Id", ".[0].Names", ".Config.Labels".</param>
    public static JsonNode? Look(JsonNode? document, string path)
    {
        var node = document;
        foreach (var part in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part.Trim('[', ']'), out var at) && at < list.Count => list[at],
                _ => null,
            };
        }
        return node;
    }
}
