using Microsoft.Extensions.Logging;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tokens;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <inheritdoc cref="IRegistryClient"/>
public sealed class RegistryClient : IRegistryClient, IDisposable
{
    private readonly RegistryOptions _options;
    private readonly TimeProvider _clock;
    private readonly RegistryHosts _hosts;
    private readonly Retries _retries;
    private readonly TokenServer _tokens;

    public RegistryClient(RegistryOptions options, TimeProvider clock, ILogger<RegistryClient> logger)
    {
        (_options, _clock) = (options, clock);
        _hosts = new RegistryHosts(options);
        _retries = new Retries(options.Patience, clock, logger);
        _tokens = new TokenServer(_retries, clock);
    }

    public IRemoteRepository Open(RegistryEndpoint endpoint, RegistryCredentials? credentials, RepositoryAccess access) =>
        new RemoteRepository(Converse(endpoint, credentials), access, _options, _clock);

    public Task<string?> LogInAsync(RegistryEndpoint registry, RegistryCredentials credentials, CancellationToken cancellationToken) =>
        new LoggingIn(_hosts.For(registry), _tokens, _retries).RunAsync(credentials, cancellationToken);

    public Task<IReadOnlyList<RepositorySearchResult>> SearchAsync(
        RegistryEndpoint registry, RegistryCredentials? credentials, string term, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return new Searching(Converse(registry, credentials)).FindAsync(term, limit, cancellationToken);
    }

    public IAsyncEnumerable<string> ListRepositoriesAsync(RegistryEndpoint registry, RegistryCredentials? credentials, CancellationToken cancellationToken) =>
        new Searching(Converse(registry, credentials)).RepositoriesAsync(cancellationToken);

    public void Dispose() => _hosts.Dispose();

    private Conversation Converse(RegistryEndpoint endpoint, RegistryCredentials? credentials)
    {
        var host = _hosts.For(endpoint);
        return new Conversation(endpoint, host, new Authenticator(host, credentials, _tokens, _clock), _retries);
    }
}
