using Podsharp.Core.Errors;

namespace Podsharp.Registry.Transport;

/// <summary>Where the registry of a name really answers.</summary>
internal static class RegistryAddress
{
    private const string Hub = "docker.io";
    private const string HubApi = "registry-1.docker.io";
    private const string HubIndex = "index.docker.io";

    /// <summary>The root of the distribution API: <c>https://host[:port]/</c>.</summary>
    public static Uri Of(string host, string scheme) => Parse(host == Hub ? HubApi : host, scheme);

    /// <summary>The root of the search API.</summary>
    public static Uri OfSearch(string host, Uri root) => host == Hub ? Parse(HubIndex, root.Scheme) : root;

    private static Uri Parse(string host, string scheme) =>
        Uri.TryCreate($"{scheme}://{host}/", UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.AbsolutePath == "/"
            ? address
            : throw EngineException.InvalidInput($"\"{host}\" is no registry: want HOST[:PORT]");
}
