using System.Text;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Credentials;

/// <summary>One auth.json as it is on disk now.</summary>
internal sealed class AuthFile(string path, AuthFileContent content)
{
    /// <summary>The helper for everything that the file doesn't hold itself, or null.</summary>
    public string? Store => content.CredentialStore is { Length: > 0 } store ? store : null;

    /// <summary>Null when there is no such file. InvalidInput when it cannot be read or is no JSON; its content is never quoted.</summary>
    public static AuthFile? Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            var text = File.ReadAllBytes(path);
            return new AuthFile(path, text.Length == 0 ? new() : JsonSerializer.Deserialize(text, AuthJson.Default.AuthFileContent) ?? new());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw EngineException.InvalidInput($"{path} cannot be read: {failure.Message}");
        }
        catch (JsonException failure)
        {
            throw EngineException.InvalidInput($"{path} is not JSON of credentials (line {failure.LineNumber + 1}, at {failure.Path})");
        }
    }

    /// <summary>The helper named for the host, with the server's name as the file spells it.</summary>
    public (string Helper, string Server)? HelperFor(string host)
    {
        foreach (var (server, helper) in content.CredentialHelpers ?? [])
        {
            if (helper.Length > 0 && CredentialKey.Normalise(server) == host) return (helper, server);
        }

        return null;
    }

    /// <summary>Credentials under a normalised key. An entry without any is as good as none: some tools leave one behind when a helper keeps them.</summary>
    public RegistryCredentials? Find(string key)
    {
        foreach (var (name, entry) in content.Auths ?? [])
        {
            if (entry is not null && CredentialKey.Normalise(name) == key && CredentialsOf(name, entry) is { IsEmpty: false } found) return found;
        }

        return null;
    }

    private RegistryCredentials CredentialsOf(string name, AuthFileEntry entry)
    {
        var (username, password) = entry.Auth is { Length: > 0 } auth ? Decode(name, auth) : (entry.Username ?? "", entry.Password ?? "");
        return new RegistryCredentials
        {
            Username = username,
            Password = password,
            IdentityToken = entry.IdentityToken ?? "",
            RegistryToken = entry.RegistryToken ?? "",
        };
    }

    private (string Username, string Password) Decode(string name, string auth)
    {
        var bytes = new byte[auth.Length];
        if (Convert.TryFromBase64String(auth, bytes, out var length))
        {
            var text = Encoding.UTF8.GetString(bytes, 0, length);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            // Old tools padded the password with zeros.
            if (colon >= 0) return (text[..colon], text[(colon + 1)..].Trim('\0'));
        }

        throw EngineException.InvalidInput($"{path}: the entry of {name} has an auth that is not base64 of NAME:PASSWORD");
    }
}
