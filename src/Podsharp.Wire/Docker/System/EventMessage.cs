using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.System;

/// <summary>One line of an event stream; both dialects write it alike.</summary>
public sealed record EventMessage
{
    /// <summary>The action again, for containers and images, up to API 1.51.</summary>
    [JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    [JsonPropertyName("id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    [JsonPropertyName("from"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    public required string Type { get; init; }

    public required string Action { get; init; }

    public required EventActor Actor { get; init; }

    [JsonPropertyName("scope")]
    public string Scope { get; init; } = "local";

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("time")]
    public required long Time { get; init; }

    /// <summary>Unix nanoseconds.</summary>
    [JsonPropertyName("timeNano")]
    public required long TimeNano { get; init; }
}

public sealed record EventActor([property: JsonPropertyName("ID")] string Id, IReadOnlyDictionary<string, string> Attributes);
