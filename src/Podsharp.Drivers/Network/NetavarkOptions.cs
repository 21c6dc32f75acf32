using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>How netavark is called; filled in once by Service.</summary>
public sealed record NetavarkOptions
{
    /// <summary>Absolute path of netavark; empty: looked for in the usual directories.</summary>
    public string Program { get; init; } = "";

    /// <summary>Absolute path of aardvark-dns; empty: looked for beside netavark.</summary>
    public string DnsProgram { get; init; } = "";

    /// <summary>iptables, nftables, firewalld or none; empty: netavark's own choice.</summary>
    public string Firewall { get; init; } = "";

    /// <summary>Port on the gateway address that aardvark-dns listens on.</summary>
    public int DnsPort { get; init; } = 53;

    public BridgeNamespace Bridges { get; init; } = new();

    /// <summary>An ordinary user's: scopes are asked of his own systemd.</summary>
    public bool Rootless { get; init; }

    /// <summary>NAME=VALUE, beside the usual ones.</summary>
    public IReadOnlyList<string> ToolEnvironment { get; init; } = [];

    /// <summary>Keep a bridge and its firewall chains while the service lives, so that not every container makes them anew.</summary>
    public bool KeepBridges { get; init; } = true;
}
