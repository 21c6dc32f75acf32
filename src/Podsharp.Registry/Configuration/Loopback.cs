using System.Net;

namespace Podsharp.Registry.Configuration;

internal static class Loopback
{
    /// <param name="host">Host and optional port.</param>
    public static bool Is(string host)
    {
        var end = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : host.IndexOf(':', StringComparison.Ordinal);
        var name = (end <= 0 ? host : host[..end]).Trim('[', ']');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}
