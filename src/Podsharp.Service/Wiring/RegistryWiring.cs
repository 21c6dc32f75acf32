using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Registries;
using Podsharp.Drivers.Credentials;
using Podsharp.Drivers.Signatures;
using Podsharp.Registry;
using Podsharp.Registry.Configuration;
using Podsharp.Registry.Credentials;
using Podsharp.Registry.Distribution;
using Podsharp.Registry.Policy;
using Podsharp.Registry.Signatures;
using Podsharp.Registry.Transport;
using Podsharp.Service.Rootless;

namespace Podsharp.Service.Wiring;

internal static class RegistryWiring
{
    public static void Add(IServiceCollection services)
    {
        var places = RegistryPlaces.From(Environment.GetEnvironmentVariable, UserNamespace.OwnerOfThisOne ?? 0);
        services
            .AddSingleton(places)
            .AddSingleton(new RegistryOptions { Places = places, Proxy = ProxyVariables.From(Environment.GetEnvironmentVariable) })
            .AddSingleton<ICredentialHelpers, CredentialHelpers>()
            .AddSingleton<ICredentialSource, CredentialSource>()
            .AddSingleton<IOpenPgp, Gpgv>()
            .AddSingleton<SignatureStore>()
            .AddSingleton<SignatureSources>()
            .AddSingleton<SignatureProof>()
            .AddSingleton<IImagePolicy, ImagePolicy>()
            .AddSingleton<IRegistryClient, RegistryClient>()
            .AddSingleton<IRegistryDirectory, RegistryDirectory>();
    }
}
