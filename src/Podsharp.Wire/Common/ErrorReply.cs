using System.Text.Json.Serialization;

namespace Podsharp.Wire.Common;

/// <summary>The body of every failed request, in both dialects (reference/wire-types.md A1.7).</summary>
/// <param name="Cause">Short root cause that remote clients match by text.</param>
/// <param name="Response">The HTTP status again.</param>
public sealed record ErrorReply(
    [property: JsonPropertyName("cause")] string Cause,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("response")] int Response);

/// <summary>Docker's IDResponse.</summary>
public sealed record IdReply([property: JsonPropertyName("Id")] string Id);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ErrorReply))]
[JsonSerializable(typeof(IdReply))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class CommonJson : JsonSerializerContext;
