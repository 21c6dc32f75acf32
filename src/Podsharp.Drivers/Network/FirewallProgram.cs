using Podsharp.Linux;
using Podsharp.Linux.Namespaces;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network;

/// <summary>Calls of iptables whose failure is no one's: then the kernel, or another firewall, has no such chain.</summary>
internal static class FirewallProgram
{
    /// <summary>Those that are installed, IPv4's first.</summary>
    public static IEnumerable<string> All(bool withIPv6) =>
        (withIPv6 ? (string[])["iptables", "ip6tables"] : ["iptables"]).Select(name => ExecutablePath.Find(name)).OfType<string>();

    public static async Task<bool> TryAsync(BridgeNamespace space, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        (await ProcessRunner.RunAsync(space.Within(new Command(program, ["-w", .. arguments])), cancellationToken)).Succeeded;
}
