using System.Net;
using System.Net.Http.Headers;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tokens;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Proves credentials against the root of the API.</summary>
internal sealed class LoggingIn(RegistryHost host, TokenServer tokens, Retries retries)
{
    public async Task<string?> RunAsync(RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        using var first = await AskAsync(null, cancellationToken);
        // A registry that asks nobody takes everybody.
        if (first.IsSuccessStatusCode) return null;
        if (first.StatusCode != HttpStatusCode.Unauthorized || Challenge.Choose(first) is not { } challenge) throw await FailureAsync(first, cancellationToken);

        var (authorization, identity) = challenge.IsBasic ? (Authenticator.Basic(credentials), null) : await TokenAsync(challenge, credentials, cancellationToken);
        using var second = await AskAsync(authorization, cancellationToken);
        return second.IsSuccessStatusCode ? identity : throw await FailureAsync(second, cancellationToken);
    }

    private Task<HttpResponseMessage> AskAsync(AuthenticationHeaderValue? authorization, CancellationToken cancellationToken) =>
        retries.RunAsync(
            async token =>
            {
                var root = await host.RootAsync(token);
                return await host.SendAsync(new RegistryCall(HttpMethod.Get, new Uri(root, "v2/")) { Authorization = authorization }, token);
            },
            host.Name,
            cancellationToken);

    private async Task<(AuthenticationHeaderValue Authorization, string? Identity)> TokenAsync(Challenge challenge, RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        var key = new TokenKey(challenge.Parameter("realm"), challenge.Parameter("service"), "", credentials);
        var (token, identity) = await tokens.LogInAsync(host, key, cancellationToken);
        return (new("Bearer", token), identity);
    }

    private Task<Core.Errors.EngineException> FailureAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        RegistryFailures.FromAsync(answer, $"logging in to {host.Name}", cancellationToken);
}
