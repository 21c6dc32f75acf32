using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Text;

namespace Podsharp.Engine.Networks;

/// <summary>hosts(5) for a container.</summary>
internal static class HostsFile
{
    private const string Base =
        """
        127.0.0.1	localhost
        ::1	localhost ip6-localhost ip6-loopback
        fe00::	ip6-localnet
        ff00::	ip6-mcastprefix
        ff02::1	ip6-allnodes
        ff02::2	ip6-allrouters

        """;

    private static readonly string[] NamesOfHost = ["host.containers.internal", "host.docker.internal"];

    /// <param name="links">Addresses of other containers by names of this one's own.</param>
    /// <param name="ofHost">The host's own file, for a container in the host's network; else null.</param>
    /// <param name="hostAddress">By which the container reaches the host; null when there is no way.</param>
    public static string Text(Container container, IReadOnlyList<Endpoint> endpoints, IReadOnlyList<(string Address, string Names)> links, string? ofHost, string? hostAddress)
    {
        var text = new StringBuilder(ofHost ?? Base);
        var extra = container.Spec.Network.ExtraHosts.Select(entry => Parse(entry, hostAddress)).ToList();
        foreach (var (name, address) in extra) Add(text, address, name);

        var own = NamesOf(container);
        foreach (var address in endpoints.SelectMany(endpoint => new[] { endpoint.IPv4, endpoint.IPv6 }).Where(address => address.Length > 0))
            Add(text, address.Split('/')[0], own);

        foreach (var (address, names) in links) Add(text, address, names);

        // Only where there is a way out at all, and what the user says of these names goes first.
        var missing = NamesOfHost.Where(name => !extra.Exists(entry => entry.Name == name)).ToList();
        if (hostAddress is not null && missing.Count > 0 && (endpoints.Count > 0 || ofHost is not null)) Add(text, hostAddress, string.Join(' ', missing));
        return text.ToString();
    }

    /// <summary>
    /// A file that is in use, with what differs between two texts of ours: lines that were ours are taken out, new ones put at the end, and
    /// all that the container's processes wrote themselves stays.
    /// </summary>
    public static string Change(string present, string before, string after)
    {
        var (old, now) = (LinesOf(before), LinesOf(after));
        var gone = old.Except(now).ToHashSet();
        var kept = LinesOf(present).Where(line => !gone.Contains(line)).ToList();
        var text = new StringBuilder();
        foreach (var line in kept.Concat(now.Except(old).Except(kept))) text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>A file that is in use, with a new address for names that are ours.</summary>
    public static string Readdress(string present, string names, string address)
    {
        var text = new StringBuilder();
        foreach (var line in LinesOf(present).Where(line => !line.EndsWith('\t' + names, StringComparison.Ordinal)).Append($"{address}\t{names}")) text.Append(line).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<string> LinesOf(string text) => text.TrimEnd('\n').Split('\n');

    private static string NamesOf(Container container)
    {
        var hostname = container.Spec.Hostname.Length > 0 ? container.Spec.Hostname : container.Id.Short;
        return container.Spec.DomainName.Length > 0 ? $"{hostname}.{container.Spec.DomainName} {hostname}" : hostname;
    }

    private static (string Name, string Address) Parse(string entry, string? hostAddress)
    {
        var split = entry.IndexOfAny([':', '=']);
        if (split <= 0) throw EngineException.InvalidInput($"bad format for add-host: \"{entry}\": want name:address");
        var address = entry[(split + 1)..].Trim('[', ']');
        if (address == "host-gateway")
        {
            return (entry[..split], hostAddress ?? throw EngineException.InvalidInput(
                $"unable to derive the IP value for host-gateway in \"{entry}\": the host has no address that the container could reach"));
        }

        return AddressText.TryParse(address, out _)
            ? (entry[..split], address)
            : throw EngineException.InvalidInput($"invalid IP address in add-host: \"{address}\"");
    }

    private static void Add(StringBuilder text, string address, string names) => text.Append(address).Append('\t').Append(names).Append('\n');
}
