namespace Podsharp.Core.Registries;

/// <summary>The keys under which credentials are filed (containers-auth.json(5)).</summary>
public static class CredentialKey
{
    /// <summary>Keys that fit the endpoint, most specific first: <c>host/a/b</c>, <c>host/a</c>, <c>host</c>.</summary>
    public static IEnumerable<string> ForEndpoint(RegistryEndpoint endpoint)
    {
        var name = $"{Normalise(endpoint.Host)}/{endpoint.Repository}".TrimEnd('/');
        for (var end = name.Length; end > 0; end = name.LastIndexOf('/', end - 1)) yield return name[..end];
    }

    /// <summary>
    /// One spelling for each key: addresses with a scheme are cut down to their host, and the names that docker.io goes by become it.
    /// </summary>
    public static string Normalise(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? "" : rest[slash..].TrimEnd('/');
        // A key with a scheme is a registry's address of old: what follows the host is a version, never a namespace.
        if (scheme >= 0 || path is "/v1" or "/v2") path = "";
        return (host is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host) + path;
    }
}
