namespace Podsharp.Testing.System;

/// <summary>
/// A network namespace standing for the host's: services under test beside each other would otherwise share bridge, subnet, firewall chains and ports,
/// and what one of them leaves behind could not be told from the others'.
/// </summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly string _name;

    private NetworkNamespace(string name) => _name = name;

    public static async Task<NetworkNamespace> CreateAsync(string name)
    {
        var network = new NetworkNamespace(name);
        await network.AddAsync();
        return network;
    }

    /// <summary>As after a boot: links, addresses and rules are gone.</summary>
    public async Task ResetAsync()
    {
        await DisposeAsync();
        await AddAsync();
    }

    /// <summary>nsenter execs the program: its pid is that of the command.</summary>
    public Command Command(string program, params IReadOnlyList<string> arguments) =>
        new("nsenter", [$"--net=/run/netns/{_name}", program, .. arguments]);

    /// <returns>Names of its links, without lo.</returns>
    public async Task<string[]> LinksAsync()
    {
        var lines = await new Command("ip", "-n", _name, "-o", "link").OutputAsync();
        return [.. lines.Split('\n').Select(line => line.Split(": ")[1].Split('@')[0]).Where(link => link != "lo")];
    }

    /// <summary>Connects it to the machine's own network by a pair of links that goes with it, for clients that cannot be started inside.</summary>
    /// <returns>Its address as the machine sees it.</returns>
    public async Task<string> ReachAsync()
    {
        // Two ends in four addresses that no other test process has: link-local ones by its number.
        var block = Environment.ProcessId % (250 * 64);
        var prefix = $"169.254.{1 + block / 64}.";
        var first = block % 64 * 4;
        var link = $"pst{Environment.ProcessId}";
        await new Command("ip", "link", "add", link, "type", "veth", "peer", "name", "machine", "netns", _name).OutputAsync();
        await new Command("ip", "address", "add", $"{prefix}{first + 1}/30", "dev", link).OutputAsync();
        await new Command("ip", "link", "set", link, "up").OutputAsync();
        await new Command("ip", "-n", _name, "address", "add", $"{prefix}{first + 2}/30", "dev", "machine").OutputAsync();
        await new Command("ip", "-n", _name, "link", "set", "machine", "up").OutputAsync();
        return $"{prefix}{first + 2}";
    }

    /// <returns>Firewall rules that lead to a container.</returns>
    public async Task<string[]> ForwardingRulesAsync()
    {
        var rules = await Command("iptables", "-t", "nat", "-S").OutputAsync();
        return [.. rules.Split('\n').Where(rule => rule.Contains("--to-destination"))];
    }

    private async Task AddAsync()
    {
        await new Command("ip", "netns", "add", _name).OutputAsync();
        await new Command("ip", "-n", _name, "link", "set", "lo", "up").OutputAsync();
    }

    public async ValueTask DisposeAsync() => await new Command("ip", "netns", "del", _name).RunAsync();
}
