namespace Podsharp.Core.Registries;

/// <summary>
/// Speaks the distribution API (OCI distribution specification, with the token scheme of the field). One instance serves all callers at once and keeps
/// connections, tokens and what it learned of each host.
/// <para>
/// Failures are EngineException: NotFound (no such manifest, blob, repository), Unauthorized (credentials missing or wrong), Forbidden
/// (denied with the credentials given), TooManyRequests, Unavailable (not reachable, 5xx, connection lost; after all retries), InvalidData (the registry's
/// answer is not what it should be: digest, length, type), NotSupported (schema 1). Cause holds the registry's own
/// words, "denied: requested access to the resource is denied". Cancelling throws OperationCanceledException.
/// </para>
/// </summary>
public interface IRegistryClient
{
    /// <summary>A view of one repository; cheap, nothing is asked yet. Keep it for the whole pull or push and call it from as many tasks as you like.</summary>
    /// <param name="credentials">Null: anonymous.</param>
    IRemoteRepository Open(RegistryEndpoint endpoint, RegistryCredentials? credentials, RepositoryAccess access);

    /// <summary>Proves the credentials. The identity token that the registry gave in exchange for the password, or null when it gives none.</summary>
    Task<string?> LogInAsync(RegistryEndpoint registry, RegistryCredentials credentials, CancellationToken cancellationToken);

    /// <summary>Repositories matching the term: by the search of version 1 where offered, else by filtering the catalogue.</summary>
    /// <param name="limit">Most results wanted; 1 or more.</param>
    Task<IReadOnlyList<RepositorySearchResult>> SearchAsync(
        RegistryEndpoint registry, RegistryCredentials? credentials, string term, int limit, CancellationToken cancellationToken);

    /// <summary>All repository names, page by page.</summary>
    IAsyncEnumerable<string> ListRepositoriesAsync(RegistryEndpoint registry, RegistryCredentials? credentials, CancellationToken cancellationToken);
}

/// <summary>What a caller wants of a repository: the scope of its token.</summary>
public enum RepositoryAccess
{
    Pull,
    PullAndPush,
}

/// <param name="Name">Repository path; with the namespace, without the host.</param>
public sealed record RepositorySearchResult(string Name, string Description, int Stars, bool IsOfficial, bool IsAutomated);
