using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Wire.Docker.Registries;

namespace Podsharp.Api.Docker.Registries;

/// <summary>Reads the credentials that a request carries. What is wrong with them is said without showing them.</summary>
internal static class AuthReader
{
    /// <summary>X-Registry-Auth: credentials for the one registry that the request is about.</summary>
    public static GivenCredentials ForTarget(ApiRequest request) =>
        Read(request, "X-Registry-Auth", RegistriesJson.Default.AuthConfig) is { } auth ? new GivenCredentials { ForTarget = ToCredentials(auth) } : GivenCredentials.None;

    /// <summary>X-Registry-Config: credentials by registry, for builds.</summary>
    public static GivenCredentials ByRegistry(ApiRequest request) =>
        Read(request, "X-Registry-Config", RegistriesJson.Default.DictionaryStringAuthConfig) is { } map
            ? new GivenCredentials { ByRegistry = map.ToDictionary(pair => pair.Key, pair => ToCredentials(pair.Value)) }
            : GivenCredentials.None;

    public static RegistryCredentials ToCredentials(AuthConfig auth)
    {
        var (name, password) = (auth.Username ?? "", auth.Password ?? "");
        if (name.Length == 0 && auth.Auth is { Length: > 0 } pair)
        {
            var text = Decode(pair, "auth");
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) throw EngineException.InvalidInput("invalid credentials: auth is not base64 of name:password");
            (name, password) = (text[..colon], text[(colon + 1)..].TrimEnd('\0'));
        }

        return new RegistryCredentials
        {
            Username = name,
            Password = password,
            IdentityToken = auth.IdentityToken ?? "",
            RegistryToken = auth.RegistryToken ?? "",
        };
    }

    private static T? Read<T>(ApiRequest request, string header, JsonTypeInfo<T> type)
        where T : class
    {
        if (request.Header(header) is not { Length: > 0 } text) return null;
        try
        {
            return JsonSerializer.Deserialize(Decode(text, header), type);
        }
        catch (JsonException)
        {
            throw EngineException.InvalidInput($"invalid {header} header: it is not base64url of a JSON object of credentials");
        }
    }

    // base64url is what is specified; clients send the plain alphabet too, both with and without padding.
    private static string Decode(string text, string what)
    {
        try
        {
            var plain = text.Trim().TrimEnd('=').Replace('-', '+').Replace('_', '/');
            return Encoding.UTF8.GetString(Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '=')));
        }
        catch (FormatException)
        {
            throw EngineException.InvalidInput($"invalid {what} header: it is not base64url of a JSON object of credentials");
        }
    }
}
