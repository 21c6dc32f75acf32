using System.Net;

namespace Podsharp.Drivers.Host;

/// <summary>resolv.conf(5).</summary>
internal static class ResolverFile
{
    private const string Own = "/etc/resolv.conf", OfSystemd = "/run/systemd/resolve/resolv.conf";

    /// <summary>What a network namespace other than the host's can do with.</summary>
    public static string Read()
    {
        var own = FactReader.Text(Own);
        return HasOnlyLoopback(own) && File.Exists(OfSystemd) ? FactReader.Text(OfSystemd) : own;
    }

    /// <summary>What to ask elsewhere in place of the host's name servers, where they are all on its loopback; empty: they can be asked, or there are no others.</summary>
    public static IReadOnlyList<string> ServersOutside() =>
        HasOnlyLoopback(FactReader.Text(Own)) && Read() is var text && !HasOnlyLoopback(text) ? [.. Servers(text)] : [];

    /// <summary>In the order of the file.</summary>
    public static IEnumerable<string> Servers(string text) => text.Split('\n')
        .Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(static fields => fields is ["nameserver", _, ..])
        .Select(static fields => fields[1]);

    /// <summary>Name servers are given, and none of them can be reached from another network namespace.</summary>
    public static bool HasOnlyLoopback(string text)
    {
        var servers = Servers(text).ToArray();
        return servers.Length > 0 && servers.All(static server => IPAddress.TryParse(server, out var address) && IPAddress.IsLoopback(address));
    }
}
