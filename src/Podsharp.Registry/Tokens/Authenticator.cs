using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Podsharp.Core.Registries;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Tokens;

/// <summary>Says to one registry who we are: with nothing until it asks, then as it asks for. Renews a token that it takes no more.</summary>
internal sealed class Authenticator(RegistryHost host, RegistryCredentials? credentials, TokenServer tokens, TimeProvider clock)
{
    private readonly RegistryCredentials? _credentials = credentials is { IsEmpty: false } ? credentials : null;

    public static AuthenticationHeaderValue Basic(RegistryCredentials credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));

    /// <summary>Sends the call; an answer of 401 is one that nothing more can be done about.</summary>
    /// <param name="scopes">What the call needs, as tokens name it.</param>
    public async Task<HttpResponseMessage> SendAsync(RegistryCall call, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        // An upload may be directed to another host, which is none of those that our credentials are for.
        if (!Redirects.IsSameOrigin(call.Address, await host.RootAsync(cancellationToken))) return await host.SendAsync(call, cancellationToken);

        var first = host.Challenge is { } known ? await AnswerToAsync(known, scopes, refused: null, cancellationToken) : Unasked();
        var answer = await host.SendAsync(call with { Authorization = first }, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || !IsOfThisHost(answer, call) || Challenge.Choose(answer) is not { } challenge) return answer;

        host.Challenge = challenge;
        var second = await AnswerToAsync(challenge, Union(scopes, challenge), first?.Parameter, cancellationToken);
        if (second is null || second.Equals(first)) return answer;
        answer.Dispose();
        return await host.SendAsync(call with { Authorization = second }, cancellationToken);
    }

    // A bearer token of the caller's is the only thing that is told without being asked for.
    private AuthenticationHeaderValue? Unasked() => _credentials is { RegistryToken.Length: > 0 } token ? new("Bearer", token.RegistryToken) : null;

    private async ValueTask<AuthenticationHeaderValue?> AnswerToAsync(
        Challenge challenge, IReadOnlyList<string> scopes, string? refused, CancellationToken cancellationToken)
    {
        if (Unasked() is { } given) return given;
        if (challenge.IsBasic) return _credentials is { Username.Length: > 0 } named ? Basic(named) : null;
        var key = new TokenKey(challenge.Parameter("realm"), challenge.Parameter("service"), string.Join(' ', scopes.Order(StringComparer.Ordinal)), _credentials);
        var token = await host.Tokens.GetAsync(key, refused, clock, cancel => tokens.FetchAsync(host, key, cancel), cancellationToken);
        return new("Bearer", token.Value);
    }

    // After a redirect somebody else may be asking.
    private static bool IsOfThisHost(HttpResponseMessage answer, RegistryCall call) =>
        answer.RequestMessage?.RequestUri is { } address && Redirects.IsSameOrigin(address, call.Address);

    private static IReadOnlyList<string> Union(IReadOnlyList<string> scopes, Challenge challenge)
    {
        var asked = challenge.Parameter("scope").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var missing = asked.Where(scope => !scopes.Any(own => Covers(own, scope))).ToList();
        return missing.Count == 0 ? scopes : [.. scopes, .. missing];
    }

    // repository:a:pull,push covers repository:a:pull.
    private static bool Covers(string own, string asked)
    {
        var (colon, askedColon) = (own.LastIndexOf(':'), asked.LastIndexOf(':'));
        return own == asked
            || (colon > 0 && colon == askedColon && own.AsSpan(0, colon).SequenceEqual(asked.AsSpan(0, colon))
                && asked[(colon + 1)..].Split(',').All(own[(colon + 1)..].Split(',').Contains));
    }
}
