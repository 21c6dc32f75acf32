namespace Podsharp.Core.Registries;

/// <summary>
/// Credentials of this machine's user: containers' auth.json, docker's config.json and the helpers they name (containers-auth.json(5)).
/// </summary>
public interface ICredentialSource
{
    /// <summary>What was given with the request, else what is on file for the endpoint (longest key wins), else null. InvalidInput naming the file when one cannot be read; Internal when a helper fails.</summary>
    ValueTask<RegistryCredentials?> FindAsync(RegistryEndpoint endpoint, GivenCredentials given, CancellationToken cancellationToken);
}
