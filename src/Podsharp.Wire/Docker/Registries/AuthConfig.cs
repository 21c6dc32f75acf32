using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Registries;

/// <summary>Credentials as X-Registry-Auth, X-Registry-Config and POST /auth carry them. Its text form never shows secrets.</summary>
public sealed record AuthConfig
{
    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>base64 of "username:password"; the older form.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }

    public override string ToString() => $"credentials for {ServerAddress}";
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(AuthConfig))]
[JsonSerializable(typeof(Dictionary<string, AuthConfig>))]
[JsonSerializable(typeof(LoginReply))]
[JsonSerializable(typeof(SearchResult[]))]
[JsonSerializable(typeof(PushAux))]
[JsonSerializable(typeof(DistributionReply))]
public sealed partial class RegistriesJson : JsonSerializerContext;

/// <summary>Reply of POST /auth.</summary>
public sealed record LoginReply(string Status, string IdentityToken);

/// <summary>One line of GET /images/search.</summary>
public sealed record SearchResult
{
    [JsonPropertyName("star_count")]
    public required int StarCount { get; init; }

    [JsonPropertyName("is_official")]
    public required bool IsOfficial { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("is_automated")]
    public required bool IsAutomated { get; init; }

    [JsonPropertyName("description")]
    public required string Description { get; init; }
}

/// <summary>The last line of a push.</summary>
/// <param name="Size">Bytes of the manifest.</param>
public sealed record PushAux(string Tag, string Digest, long Size);
