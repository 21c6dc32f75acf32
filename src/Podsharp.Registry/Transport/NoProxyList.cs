using System.Globalization;
using System.Net;

namespace Podsharp.Registry.Transport;

/// <summary>NO_PROXY: a list of <c>*</c>, addresses, networks (<c>10.0.0.0/8</c>) and domains, each with an optional port. A domain stands for itself and all below it, with a leading dot only for those below.</summary>
internal sealed class NoProxyList(string text)
{
    private readonly string[] _entries = text.ToLowerInvariant().Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public bool Matches(string host, int port)
    {
        var name = host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        var address = IPAddress.TryParse(name, out var parsed) ? parsed : null;
        return _entries.Any(entry => Matches(entry, name, address, port));
    }

    private static bool Matches(string entry, string name, IPAddress? address, int port)
    {
        if (entry == "*") return true;
        if (IPNetwork.TryParse(entry, out var network)) return address is not null && network.Contains(address);
        if (IPAddress.TryParse(entry, out var single)) return single.Equals(address);

        var colon = entry.LastIndexOf(':');
        if (colon > 0 && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var only))
        {
            if (only != port) return false;
            entry = entry[..colon].Trim('[', ']');
            if (IPAddress.TryParse(entry, out single)) return single.Equals(address);
        }

        if (address is not null) return false;
        var domain = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[1..] : entry;
        return domain.StartsWith('.') ? name.EndsWith(domain, StringComparison.Ordinal) : name == domain || name.EndsWith("." + domain, StringComparison.Ordinal);
    }
}
