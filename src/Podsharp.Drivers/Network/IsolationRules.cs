using Podsharp.Linux.Namespaces;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network;

/// <summary>
/// What netavark's rules that keep networks apart leave to be wished for, where they are iptables': a container may reach the published
/// ports of another network's containers by the host's address, as anybody may; and the rule by which packets come to them must stay while
/// there are any. Failures are no one's: then the kernel, or another firewall, has no such chain.
/// </summary>
internal sealed class IsolationRules(BridgeNamespace space)
{
    private const string Entry = "NETAVARK_ISOLATION_1", Verdicts = "NETAVARK_ISOLATION_2";

    // One rule for all bridges of a store's own naming.
    private static readonly string[] Stems = ["ps-", "podsharp"];

    /// <summary>A bridge that has just been made has its own verdict on top, for both ways: this goes above it.</summary>
    public async Task LetPublishedThroughAsync(Core.Networks.Network network, CancellationToken cancellationToken)
    {
        foreach (var program in FirewallProgram.All(network.IPv6Enabled))
        {
            await FirewallProgram.TryAsync(space, program, ["-D", Verdicts, .. Published(network)], cancellationToken);
            await FirewallProgram.TryAsync(space, program, ["-I", Verdicts, .. Published(network)], cancellationToken);
        }
    }

    /// <summary>The network is gone from the host.</summary>
    public async Task MendAsync(Core.Networks.Network network, CancellationToken cancellationToken)
    {
        foreach (var program in StemOf(network) is null ? FirewallProgram.All(network.IPv6Enabled) : [])
            await FirewallProgram.TryAsync(space, program, ["-D", Verdicts, .. Published(network)], cancellationToken);
        await MendAsync(cancellationToken);
    }

    /// <summary>
    /// netavark 1.4 takes the way to these rules with any network that goes, though others remain; the next container would bring it back.
    /// </summary>
    public async Task MendAsync(CancellationToken cancellationToken)
    {
        foreach (var program in FirewallProgram.All(withIPv6: true))
        {
            var chain = await ProcessRunner.RunAsync(space.Within(new Command(program, ["-w", "-S", Entry])), cancellationToken);
            if (!chain.Succeeded || !chain.OutputText.Contains("-A ", StringComparison.Ordinal)) continue;
            if (!await FirewallProgram.TryAsync(space, program, ["-C", "FORWARD", "-j", Entry], cancellationToken)) await FirewallProgram.TryAsync(space, program, ["-I", "FORWARD", "-j", Entry], cancellationToken);
        }
    }

    private static string[] Published(Core.Networks.Network network) =>
        ["-o", StemOf(network) is { } stem ? stem + "+" : network.InterfaceName, "-m", "conntrack", "--ctstate", "DNAT", "-j", "RETURN"];

    private static string? StemOf(Core.Networks.Network network) => Array.Find(Stems, stem => network.InterfaceName.StartsWith(stem, StringComparison.Ordinal));
}
