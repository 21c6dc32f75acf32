namespace Podsharp.Core.Registries;

/// <summary>Credentials that came with a request; they win over those of the machine.</summary>
public sealed record GivenCredentials
{
    public static GivenCredentials None { get; } = new();

    /// <summary>For the registry that the request is about; never sent to a mirror.</summary>
    public RegistryCredentials? ForTarget { get; init; }

    /// <summary>By <c>host[:port]</c> or <c>host[:port]/path</c>; addresses such as <c>https://index.docker.io/v1/</c> are understood.</summary>
    public IReadOnlyDictionary<string, RegistryCredentials> ByRegistry { get; init; } = new Dictionary<string, RegistryCredentials>();

    /// <summary>What was given for the endpoint, or null.</summary>
    public RegistryCredentials? For(RegistryEndpoint endpoint)
    {
        if (ForTarget is { IsEmpty: false } target && !endpoint.IsMirror) return target;
        var best = CredentialKey.ForEndpoint(endpoint).Select(Find).FirstOrDefault(found => found is not null);
        return best is { IsEmpty: false } ? best : null;
    }

    private RegistryCredentials? Find(string key)
    {
        foreach (var (name, credentials) in ByRegistry)
        {
            if (CredentialKey.Normalise(name) == key) return credentials;
        }

        return null;
    }
}
