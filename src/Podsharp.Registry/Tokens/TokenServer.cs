using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Distribution;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Tokens;

/// <summary>Gets tokens from where a challenge says, by GET with name and password or by OAuth2 with an identity token.</summary>
internal sealed class TokenServer(Retries retries, TimeProvider clock)
{
    private const string ClientId = "podsharp";
    private const int ReplyLimit = 1 << 20;
    private const double DefaultSeconds = 60;

    public async Task<Token> FetchAsync(RegistryHost host, TokenKey key, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(host, key, keepsake: false, cancellationToken);
        var seconds = Math.Clamp(reply.ExpiresIn ?? DefaultSeconds, 0, 86400);
        var lifetime = (long)(seconds * 0.9 * clock.TimestampFrequency);
        return new Token(ValueOf(reply, key), clock.GetTimestamp() + lifetime);
    }

    /// <summary>Proves name and password; the identity token given in exchange, or null.</summary>
    public async Task<(string Token, string? IdentityToken)> LogInAsync(RegistryHost host, TokenKey key, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(host, key, keepsake: true, cancellationToken);
        return (ValueOf(reply, key), reply.RefreshToken);
    }

    private static string ValueOf(TokenReply reply, TokenKey key) =>
        reply.Token is { Length: > 0 } token ? token
        : reply.AccessToken is { Length: > 0 } access ? access
        : throw new EngineException(ErrorKind.InvalidData, $"the token server {HostOf(key)} answered without a token");

    private async Task<TokenReply> AskAsync(RegistryHost host, TokenKey key, bool keepsake, CancellationToken cancellationToken)
    {
        var call = CallFor(host, key, keepsake);
        using var answer = await retries.RunAsync(
            async token =>
            {
                var answer = await host.SendAsync(call, token);
                await Bodies.BufferAsync(answer, ReplyLimit, token);
                return answer;
            },
            call.Address.Authority,
            cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK) throw await RegistryFailures.FromTokenServerAsync(answer, host.Name, key.Credentials is not null, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken), TokenJson.Default.TokenReply) ?? new();
        }
        catch (JsonException)
        {
            throw new EngineException(ErrorKind.InvalidData, $"the token server {HostOf(key)} answered with something that is not JSON");
        }
    }

    private static string HostOf(TokenKey key) => Uri.TryCreate(key.Realm, UriKind.Absolute, out var realm) ? realm.Authority : key.Realm;

    private static RegistryCall CallFor(RegistryHost host, TokenKey key, bool keepsake)
    {
        if (!Uri.TryCreate(key.Realm, UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
            throw new EngineException(ErrorKind.InvalidData, $"registry {host.Name} names a token server that is no address: \"{key.Realm}\"");
        if (key.Credentials is not null && realm.Scheme == Uri.UriSchemeHttp && !host.Insecure)
            throw new EngineException(ErrorKind.InvalidData, $"registry {host.Name} wants credentials sent to {realm.Authority} without TLS");

        return key.Credentials is { IdentityToken.Length: > 0 } known ? ByIdentity(realm, key, known) : ByName(realm, key, keepsake);
    }

    private static RegistryCall ByName(Uri realm, TokenKey key, bool keepsake)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        foreach (var (name, value) in Fields(key)) Append(query, name, value);
        var credentials = key.Credentials is { Username.Length: > 0 } named ? named : null;
        if (credentials is not null) Append(query, "account", credentials.Username);
        if (keepsake)
        {
            Append(query, "client_id", ClientId);
            Append(query, "offline_token", "true");
        }

        var address = new UriBuilder(realm) { Query = query.ToString() }.Uri;
        return new RegistryCall(HttpMethod.Get, address) { Authorization = credentials is null ? null : Authenticator.Basic(credentials) };
    }

    private static RegistryCall ByIdentity(Uri realm, TokenKey key, RegistryCredentials credentials)
    {
        var form = new StringBuilder();
        Append(form, "grant_type", "refresh_token");
        Append(form, "refresh_token", credentials.IdentityToken);
        Append(form, "client_id", ClientId);
        Append(form, "service", key.Service);
        if (key.Scopes.Length > 0) Append(form, "scope", key.Scopes);
        var bytes = Encoding.UTF8.GetBytes(form.ToString());
        return new RegistryCall(HttpMethod.Post, realm) { Body = _ => ValueTask.FromResult<HttpContent>(Form(bytes)) };
    }

    private static ByteArrayContent Form(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };

    private static IEnumerable<(string Name, string Value)> Fields(TokenKey key)
    {
        if (key.Service.Length > 0) yield return ("service", key.Service);
        foreach (var scope in key.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return ("scope", scope);
    }

    private static void Append(StringBuilder text, string name, string value)
    {
        if (text.Length > 0) text.Append('&');
        text.Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }
}
