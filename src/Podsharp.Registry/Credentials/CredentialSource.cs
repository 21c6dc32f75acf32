using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Credentials;

/// <inheritdoc cref="ICredentialSource"/>
public sealed class CredentialSource(RegistryPlaces places, ICredentialHelpers helpers) : ICredentialSource
{
    // Helpers know the hub by the address it once had.
    private const string HubServer = "https://index.docker.io/v1/";
    private const string TokenUser = "<token>";

    public async ValueTask<RegistryCredentials?> FindAsync(RegistryEndpoint endpoint, GivenCredentials given, CancellationToken cancellationToken)
    {
        if (given.For(endpoint) is { } explicitly) return explicitly;
        foreach (var source in RegistriesFiles.Read(places).CredentialHelpers)
        {
            var found = source == RegistriesConfiguration.AuthFilesHelper
                ? await FindInFilesAsync(endpoint, cancellationToken)
                : await AskAsync(source, ServerName(endpoint.Host), cancellationToken);
            if (found is not null) return found;
        }

        return null;
    }

    private async Task<RegistryCredentials?> FindInFilesAsync(RegistryEndpoint endpoint, CancellationToken cancellationToken)
    {
        foreach (var path in places.AuthFiles)
        {
            if (AuthFile.Read(path) is { } file && await FindInAsync(file, endpoint, cancellationToken) is { } found) return found;
        }

        return null;
    }

    private async Task<RegistryCredentials?> FindInAsync(AuthFile file, RegistryEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (file.HelperFor(CredentialKey.Normalise(endpoint.Host)) is { } named) return await AskAsync(named.Helper, named.Server, cancellationToken);
        foreach (var key in CredentialKey.ForEndpoint(endpoint))
        {
            if (file.Find(key) is { } found) return found;
        }

        return file.Store is { } store ? await AskAsync(store, ServerName(endpoint.Host), cancellationToken) : null;
    }

    private static string ServerName(string host) => CredentialKey.Normalise(host) == "docker.io" ? HubServer : host;

    private async Task<RegistryCredentials?> AskAsync(string helper, string server, CancellationToken cancellationToken)
    {
        if (helper.AsSpan().ContainsAny('/', '\0')) throw EngineException.InvalidInput($"\"{helper}\" is no name of a credential helper");
        var program = "docker-credential-" + helper;
        var reply = await helpers.GetAsync(program, server, cancellationToken);
        if (reply.ExitCode != 0)
        {
            // The protocol has this one text for "not known here"; everything else is a failure.
            if (reply.Output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase)) return null;
            throw EngineException.Internal($"{program} failed for {server} with exit code {reply.ExitCode}");
        }

        var secret = Parse(program, reply.Output);
        return secret.Username == TokenUser
            ? new RegistryCredentials { IdentityToken = secret.Secret ?? "" }
            : new RegistryCredentials { Username = secret.Username ?? "", Password = secret.Secret ?? "" };
    }

    private static HelperSecret Parse(string program, string output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, AuthJson.Default.HelperSecret) ?? new();
        }
        catch (JsonException)
        {
            throw EngineException.Internal($"{program} answered with something that is not JSON of credentials");
        }
    }
}
