using Podsharp.Core.Errors;

namespace Podsharp.Drivers.Network;

/// <summary>What of a network older versions of netavark do not know, and would pass over in silence (reference/protocols.md §6).</summary>
internal static class NetavarkNeeds
{
    private static readonly Version Ipvlan = new(1, 5, 0), Strict = new(1, 7, 0), Vrf = new(1, 8, 0), Routes = new(1, 14, 0);

    /// <summary>NotSupported, naming the version that it needs.</summary>
    public static async Task CheckAsync(Core.Networks.Network network, NetavarkCommand command, CancellationToken cancellationToken)
    {
        var needed = Of(network).ToList();
        if (needed.Count == 0) return;
        var version = await command.VersionAsync(cancellationToken);
        if (needed.FirstOrDefault(need => version < need.Since) is { What: { } what } need)
            throw EngineException.NotSupported($"{what} needs netavark {need.Since} or later; {version} is installed here");
    }

    private static IEnumerable<(string What, Version Since)> Of(Core.Networks.Network network)
    {
        if (network.Driver == "ipvlan") yield return ("network driver ipvlan", Ipvlan);
        if (network.Options.GetValueOrDefault("isolate") == "strict") yield return ("option isolate=strict", Strict);
        if (network.Options.ContainsKey("vrf")) yield return ("option vrf", Vrf);
        if (network.Options.ContainsKey("vlan")) yield return ("option vlan", Routes);
        if (network.Options.ContainsKey("no_default_route")) yield return ("option no_default_route", Routes);
    }
}
