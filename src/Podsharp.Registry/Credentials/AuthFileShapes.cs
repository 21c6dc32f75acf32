using System.Text.Json.Serialization;

namespace Podsharp.Registry.Credentials;

/// <summary>auth.json and docker's config.json (containers-auth.json(5)).</summary>
internal sealed record AuthFileContent
{
    [JsonPropertyName("auths")]
    public Dictionary<string, AuthFileEntry?>? Auths { get; init; }

    [JsonPropertyName("credHelpers")]
    public Dictionary<string, string>? CredentialHelpers { get; init; }

    [JsonPropertyName("credsStore")]
    public string? CredentialStore { get; init; }
}

internal sealed record AuthFileEntry
{
    /// <summary>Base64 of NAME:PASSWORD.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }
}

/// <summary>What a helper answers to "get".</summary>
internal sealed record HelperSecret
{
    public string? Username { get; init; }

    public string? Secret { get; init; }
}

[JsonSerializable(typeof(AuthFileContent))]
[JsonSerializable(typeof(HelperSecret))]
internal sealed partial class AuthJson : JsonSerializerContext;
