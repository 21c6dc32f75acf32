using System.Globalization;
using System.Net;
using Podsharp.Core.Networks;

namespace Podsharp.Drivers.Network;

/// <summary>The host's networking as the kernel shows it in /proc.</summary>
public sealed class HostNetworks : IHostNetworks
{
    public IReadOnlyList<HostSubnet> Subnets() => [.. Subnets4(), .. Subnets6()];

    // Not /sys/class/net: that shows the network namespace sysfs was mounted in, which need not be ours (rootless, nsenter).
    public IReadOnlyCollection<string> Interfaces() => [.. ReadLines("/proc/net/dev").Skip(2).Select(line => line.Split(':')[0].Trim())];

    public string HostsFile() => ReadLines("/etc/hosts") is { Length: > 0 } lines ? string.Join('\n', lines) + "\n" : "";

    // Columns: interface, destination, gateway, flags, …, mask; addresses are hexadecimal numbers in the machine's byte order.
    private static IEnumerable<HostSubnet> Subnets4() =>
        from line in ReadLines("/proc/net/route").Skip(1)
        let columns = line.Split('\t', StringSplitOptions.TrimEntries)
        where columns.Length > 7
        let mask = uint.Parse(columns[7], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        where mask != 0
        let address = uint.Parse(columns[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        select new HostSubnet(new IPNetwork(new IPAddress(address), int.PopCount((int)mask)), columns[0]);

    // Columns: destination, prefix length, …; the last is the interface. Link-local, multicast and default routes say nothing.
    private static IEnumerable<HostSubnet> Subnets6() =>
        from line in ReadLines("/proc/net/ipv6_route")
        let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where columns.Length > 9 && columns[^1] != "lo"
        let length = int.Parse(columns[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        let address = new IPAddress(Convert.FromHexString(columns[0]))
        where length is > 0 and < 128 && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast
        select new HostSubnet(new IPNetwork(address, length), columns[^1]);

    internal static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
