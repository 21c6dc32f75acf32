using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Streams;

/// <summary>One line of a stream that tells how pull, push, load, import or build go on. What is null is not written.</summary>
public sealed record ProgressMessage
{
    /// <summary>Output text, newline included.</summary>
    [JsonPropertyName("stream")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stream { get; init; }

    [JsonPropertyName("status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    [JsonPropertyName("progressDetail")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProgressDetail? ProgressDetail { get; init; }

    /// <summary>The progress as terminals show it.</summary>
    [JsonPropertyName("progress")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Progress { get; init; }

    /// <summary>Short id of the layer, or the tag.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    [JsonPropertyName("errorDetail")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorDetail? ErrorDetail { get; init; }

    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    [JsonPropertyName("aux")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Aux { get; init; }

    /// <summary>The same without what clients have had twice, in progressDetail and errorDetail: API 1.52 leaves it out.</summary>
    public ProgressMessage WithoutTexts() => this with { Progress = null, Error = null };

    /// <summary>The last line of a stream that fails after its start.</summary>
    public static ProgressMessage Failure(string message, int code = 0) =>
        new() { ErrorDetail = new ErrorDetail { Code = code, Message = message }, Error = message };
}

public sealed record ProgressDetail
{
    /// <summary>Bytes so far.</summary>
    [JsonPropertyName("current")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Current { get; init; }

    /// <summary>Bytes in all; not written when unknown.</summary>
    [JsonPropertyName("total")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Total { get; init; }
}

public sealed record ErrorDetail
{
    [JsonPropertyName("code")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Code { get; init; }

    [JsonPropertyName("message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ProgressMessage))]
public sealed partial class StreamsJson : JsonSerializerContext;
