using Podsharp.Core.Registries;
using Podsharp.Registry.Tokens;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Calls to one host in one caller's name.</summary>
internal sealed class Conversation(RegistryEndpoint endpoint, RegistryHost host, Authenticator authenticator, Retries retries)
{
    /// <summary>Bytes of a manifest, and of any other answer that is read whole.</summary>
    public const int BodyLimit = 4 << 20;

    public RegistryEndpoint Endpoint => endpoint;

    public RegistryHost Host => host;

    public Retries Retries => retries;

    public ValueTask<Uri> RootAsync(CancellationToken cancellationToken) => host.RootAsync(cancellationToken);

    /// <summary>The answer with its body in memory, after all retries.</summary>
    /// <param name="path">Below the root of the API: v2/a/tags/list.</param>
    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, IReadOnlyList<string> scopes, CancellationToken cancellationToken) =>
        AskAsync(root => new RegistryCall(method, new Uri(root, path)), scopes, BodyLimit, cancellationToken);

    /// <param name="limit">Bytes of the body to take into memory; 0: it is left to be read.</param>
    public Task<HttpResponseMessage> AskAsync(
        Func<Uri, RegistryCall> callFor, IReadOnlyList<string> scopes, int limit, CancellationToken cancellationToken) =>
        retries.RunAsync(
            async token =>
            {
                var answer = await OnceAsync(callFor(await host.RootAsync(token)), scopes, token);
                if (limit > 0) await Bodies.BufferAsync(answer, limit, token);
                return answer;
            },
            host.Name,
            cancellationToken);

    /// <summary>One attempt, renewed tokens aside.</summary>
    public Task<HttpResponseMessage> OnceAsync(RegistryCall call, IReadOnlyList<string> scopes, CancellationToken cancellationToken) =>
        authenticator.SendAsync(call, scopes, cancellationToken);
}
