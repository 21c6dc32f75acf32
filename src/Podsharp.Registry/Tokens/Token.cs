using Podsharp.Core.Registries;

namespace Podsharp.Registry.Tokens;

/// <param name="Value">Secret.</param>
/// <param name="UsableUntil">A timestamp of the monotonic clock: the wall clock may step.</param>
internal sealed record Token(string Value, long UsableUntil)
{
    public override string ToString() => nameof(Token);
}

/// <param name="Scopes">What it allows, in a fixed order.</param>
internal sealed record TokenKey(string Realm, string Service, string Scopes, RegistryCredentials? Credentials);
