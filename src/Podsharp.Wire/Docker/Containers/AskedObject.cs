using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

/// <summary>An object of a request whose unknown members are kept, so that what would be ignored can be refused by name.</summary>
public abstract record AskedObject
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The value in Go's sets: {"80/tcp":{}}.</summary>
public sealed record EmptyObject
{
    public static EmptyObject Value { get; } = new();
}
