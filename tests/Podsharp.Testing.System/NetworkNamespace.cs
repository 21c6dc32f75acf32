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
