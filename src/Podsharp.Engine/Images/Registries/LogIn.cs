using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Registries;

/// <param name="Registry">Host with optional port.</param>
public sealed record LogInRequest(string Registry, RegistryCredentials Credentials, EndpointRules Rules);

/// <summary>Proves credentials to a registry; nothing is kept.</summary>
public sealed class LogIn(IRegistryDirectory directory, IRegistryClient client)
{
    /// <returns>The identity token that the registry gives in exchange for the password; empty when it gives none.</returns>
    public async Task<string> RunAsync(LogInRequest request, CancellationToken cancellationToken)
    {
        var registry = directory.EndpointForHost(request.Registry, request.Rules);
        return await client.LogInAsync(registry, request.Credentials, cancellationToken) ?? "";
    }
}
