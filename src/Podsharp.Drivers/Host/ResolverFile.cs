using System.Net;

namespace Podsharp.Drivers.Host;

/// <summary>resolv.conf(5).</summary>
internal static class ResolverFile
{
    /// <summary>Name servers are given, and none of them can be reached from another network namespace.</summary>
    public static bool HasOnlyLoopback(string text)
    {
        var servers = text.Split('\n')
            .Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(static fields => fields is ["nameserver", _, ..])
            .Select(static fields => fields[1])
            .ToArray();
        return servers.Length > 0 && servers.All(static server => IPAddress.TryParse(server, out var address) && IPAddress.IsLoopback(address));
    }
}
