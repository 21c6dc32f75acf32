using System.Text;

namespace Podsharp.Core.Registries;

/// <summary>Proof of identity for one registry. Its text form never shows secrets.</summary>
public sealed record RegistryCredentials
{
    public string Username { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>An OAuth2 refresh token that stands for name and password.</summary>
    public string IdentityToken { get; init; } = "";

    /// <summary>A bearer token to be sent as it is.</summary>
    public string RegistryToken { get; init; } = "";

    /// <summary>Nothing that could be sent.</summary>
    public bool IsEmpty => Username.Length == 0 && Password.Length == 0 && IdentityToken.Length == 0 && RegistryToken.Length == 0;

    // Called by the record's own ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Username = ").Append(Username);
        return true;
    }
}
