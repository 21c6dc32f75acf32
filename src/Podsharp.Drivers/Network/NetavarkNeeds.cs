namespace Podsharp.Drivers.Network;

/// <summary>What of a network older versions of netavark do not know, and would pass over in silence (reference/protocols.md §6).</summary>
internal static class NetavarkNeeds
{
    private static readonly Version Ipvlan = new(1, 5, 0), Strict = new(1, 7, 0), Vrf = new(1, 8, 0), Routes = new(1, 14, 0);

    public static IEnumerable<(string What, Version Since)> Of(Core.Networks.Network network)
    {
        if (network.Driver == "ipvlan") yield return ("network driver ipvlan", Ipvlan);
        if (network.Options.GetValueOrDefault("isolate") == "strict") yield return ("option isolate=strict", Strict);
        if (network.Options.ContainsKey("vrf")) yield return ("option vrf", Vrf);
        if (network.Options.ContainsKey("vlan")) yield return ("option vlan", Routes);
        if (network.Options.ContainsKey("no_default_route")) yield return ("option no_default_route", Routes);
    }
}
