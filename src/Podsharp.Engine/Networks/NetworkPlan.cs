using Podsharp.Core.Containers;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

public enum NetworkPlanKind
{
    /// <summary>The host's own namespace.</summary>
    Host,

    /// <summary>Another container's namespace, at <see cref="NetworkPlan.JoinedNamespace"/>.</summary>
    Joined,

    /// <summary>A namespace of its own with loopback alone.</summary>
    Isolated,

    /// <summary>A namespace of its own on the networks of <see cref="NetworkPlan.Endpoints"/>.</summary>
    Networks,
}

/// <summary>All choices about one start's networking; its addresses and ports are reserved until they are released.</summary>
public sealed record NetworkPlan
{
    public required ContainerId ContainerId { get; init; }

    public required NetworkPlanKind Kind { get; init; }

    /// <summary>Whose namespace is joined; its hosts, hostname and resolv.conf files are shared too.</summary>
    public ContainerId? JoinedContainer { get; init; }

    public string JoinedNamespace { get; init; } = "";

    public IReadOnlyList<(Endpoint Endpoint, Network Network)> Endpoints { get; init; } = [];

    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>A namespace must be made for this start.</summary>
    public bool OwnsNamespace => Kind is NetworkPlanKind.Isolated or NetworkPlanKind.Networks;
}
