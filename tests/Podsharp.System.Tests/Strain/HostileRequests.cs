using System.Text;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Strain;

/// <summary>
/// Requests for the operations of the API's document, with values that are mostly of the right kind and seldom any good. The same seed gives the same
/// sequence.
/// </summary>
internal sealed class HostileRequests(JsonObject document, int seed, string container, string image)
{
    private const int Deepest = 6;

    /// <summary>What they need others for (registries, an end of the container, a stream) or leave running.</summary>
    private static readonly string[] Unasked =
        ["/auth", "/distribution", "/search", "/push", "/images/create", "/wait", "/attach", "/events", "/restart", "/session"];

    private static readonly string[] Texts =
    [
        "", "0", "-1", "1", "true", "%00", "..", "../../etc/passwd", new('a', 5000), "é", "nope", "a b", "{}", "[]", "null", "\"", "99999999999999999999", "1.5", "1e400",
        "9223372036854775807", "/", "//", ".", "bridge", "host", "none", "sha256:zz", ":", "@", "a:b:c", "/tmp", "/proc/self/root", "1h", "2020-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", "1700000000.999999999", "\\", "\n", "\t", "80/tcp", "label", "volume", "bind",
    ];

    private static readonly string[] FilterNames =
        ["label", "name", "id", "status", "dangling", "reference", "before", "since", "until", "exited", "ancestor", "volume", "network", "publish", "health", "type", "driver", "bogus"];

    private readonly Random _random = new(seed);
    private readonly List<(string Path, string Method, JsonObject Operation)> _operations =
    [
        .. from path in document["paths"]!.AsObject()
           where !Unasked.Any(path.Key.Contains)
           from operation in path.Value!.AsObject()
           where operation.Key is "get" or "post" or "put" or "delete" or "head"
           select (path.Key, operation.Key.ToUpperInvariant(), operation.Value!.AsObject()),
    ];

    /// <returns>The head's first line without the protocol, and the body.</returns>
    public (string Line, byte[] Body) Next()
    {
        var (path, method, operation) = One(_operations);
        var target = new StringBuilder(One(["", "/v1.24", "/v1.43", "/v1.51", "/v1.56"]));
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries)) target.Append('/').Append(part[0] == '{' ? Escaped(Name(path)) : part);
        var separator = '?';
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            if ((string?)parameter!["in"] != "query" || (string?)parameter["name"] is not { } name || Value(path, name) is not { } value) continue;
            target.Append(separator).Append(name).Append('=').Append(Escaped(value));
            separator = '&';
        }

        return ($"{method} {target}", Body(operation));
    }

    // A stop may be told to wait for ever, and only one container is ever to run.
    private string Name(string path) =>
        path.EndsWith("/start", StringComparison.Ordinal) || path.EndsWith("/stop", StringComparison.Ordinal) || _random.Next(3) > 0
            ? path.StartsWith("/images", StringComparison.Ordinal) ? image : container
            : One(Texts.Where(text => text.Length > 0).ToList());

    private string? Value(string path, string name)
    {
        if (name is "stream" or "follow") return "0";
        if (path.EndsWith("/stop", StringComparison.Ordinal) && name == "t") return "0";
        if (_random.Next(2) == 0) return null;
        return name == "filters" && _random.Next(4) > 0 ? Filters().ToJsonString() : One(Texts);
    }

    private JsonObject Filters()
    {
        var filters = new JsonObject();
        for (var count = _random.Next(3); count > 0; count--)
        {
            filters[One(FilterNames)] = _random.Next(3) switch
            {
                0 => new JsonArray(One(Texts)),
                1 => new JsonObject { [One(Texts)] = _random.Next(2) == 0 },
                _ => One(Texts),
            };
        }

        return filters;
    }

    private byte[] Body(JsonObject operation)
    {
        if (operation["requestBody"]?["content"]?.AsObject() is not { Count: > 0 } content) return [];
        if (content["application/json"]?["schema"] is not JsonObject schema)
        {
            var noise = new byte[_random.Next(4000)];
            _random.NextBytes(noise);
            return noise;
        }

        var value = Make(schema, 0);
        if (value is JsonObject made && made.ContainsKey("Image")) made["Image"] = image;
        var bytes = Encoding.UTF8.GetBytes(value?.ToJsonString() ?? "null");
        if (bytes.Length > 0 && _random.Next(20) == 0) bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        return _random.Next(20) == 0 ? bytes[.._random.Next(bytes.Length + 1)] : bytes;
    }

    private JsonNode? Make(JsonObject schema, int depth)
    {
        if (depth > Deepest || _random.Next(20) == 0) return Anything();
        if ((string?)schema["$ref"] is { } reference) return Make(document["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject(), depth);
        foreach (var choice in (string[])["allOf", "oneOf", "anyOf"])
            if (schema[choice] is JsonArray { Count: > 0 } choices) return Make(choices[_random.Next(choices.Count)]!.AsObject(), depth);
        return (string?)(schema["type"] is JsonArray types ? types[0] : schema["type"]) switch
        {
            "object" => MakeObject(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => schema["items"] is JsonObject items ? Make(items, depth + 1) : Anything())]),
            "integer" or "number" => One([0L, 1, -1, 5, 100, int.MaxValue, 1L << 31, long.MaxValue, long.MinValue, 4194304]),
            "boolean" => _random.Next(2) == 0,
            "string" => One(Texts),
            _ => Anything(),
        };
    }

    private JsonObject MakeObject(JsonObject schema, int depth)
    {
        var made = new JsonObject();
        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
            if (_random.Next(4) == 0) made[name] = Make(value!.AsObject(), depth + 1);
        if (schema["additionalProperties"] is JsonObject others)
            for (var count = _random.Next(3); count > 0; count--) made[One(Texts)] = Make(others, depth + 1);
        return made;
    }

    private JsonNode? Anything() => _random.Next(7) switch
    {
        0 => null,
        1 => _random.Next(2) == 0,
        2 => _random.NextInt64(),
        3 => new JsonArray(One(Texts), null),
        4 => new JsonObject { [One(Texts)] = One(Texts) },
        5 => 1.5,
        _ => One(Texts),
    };

    private T One<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
