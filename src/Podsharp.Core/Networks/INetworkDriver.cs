using Podsharp.Core.Containers;

namespace Podsharp.Core.Networks;

/// <summary>
/// Puts a network namespace on networks and takes it off. Addresses are chosen by the caller. Calls are serialised by the
/// implementation (two netavark calls at once break each other's firewall chains); the cost of waiting is its own.
/// </summary>
public interface INetworkDriver
{
    /// <summary>While a container was set up it was found that somebody has taken away firewall rules, of others perhaps, too: they need <see cref="RestoreAsync"/>.</summary>
    event Action? RulesLost;

    /// <summary>
    /// Gives the namespace its interfaces, routes, firewall rules, published ports and DNS entries. On failure nothing is left behind.
    /// </summary>
    Task SetUpAsync(NetworkAttachment attachment, CancellationToken cancellationToken);

    /// <summary>Undoes <see cref="SetUpAsync"/>; no error where something is gone already.</summary>
    Task TearDownAsync(NetworkAttachment attachment, CancellationToken cancellationToken);

    /// <summary>NotSupported, with the reason, for a network that could be defined but never set up with what is installed here.</summary>
    Task CheckAsync(Network network, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the firewall rules of a container that is set up anew where somebody took them away. Its interfaces and connections stay.
    /// </summary>
    Task RestoreAsync(NetworkAttachment attachment, CancellationToken cancellationToken);

    /// <summary>The networks' name server knows a container that is set up by the name it now has, and no longer by the one it had.</summary>
    /// <param name="attachment">With the new name.</param>
    Task RenameAsync(NetworkAttachment attachment, CancellationToken cancellationToken);

    /// <summary>The network, which no container is on, is about to be forgotten: nothing of it may be left on the host.</summary>
    Task RemoveAsync(Network network, CancellationToken cancellationToken);

    /// <summary>The network's host interface is up because this engine keeps it so, with or without containers on it.</summary>
    bool Keeps(Network network);
}

/// <summary>All that is needed to set up or tear down one container's networking.</summary>
public sealed record NetworkAttachment
{
    public required ContainerId ContainerId { get; init; }

    public required string ContainerName { get; init; }

    public required string Hostname { get; init; }

    /// <summary>Path of a bound network namespace.</summary>
    public required string NamespacePath { get; init; }

    public required IReadOnlyList<(Endpoint Endpoint, Network Network)> Endpoints { get; init; }

    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>The container has these ports by another network, too, which it is on before and after.</summary>
    public bool KeepsPorts { get; init; }

    /// <summary>Asked for what is no name of the networks; empty: the host's.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>No network leads outside: nobody is asked for what is no name of the networks, and that there is none is answered at once.</summary>
    public bool IsShutIn { get; init; }
}

/// <summary>Named network namespaces of the engine, kept alive by a bind mount, independent of any process.</summary>
public interface INetworkNamespaces
{
    /// <summary>Makes a namespace with loopback up, and with the given net sysctls set; answers its path.</summary>
    Task<string> CreateAsync(ContainerId id, IReadOnlyDictionary<string, string> sysctls, CancellationToken cancellationToken);

    /// <summary>Takes the bind mount away; the namespace ends with its last process. No error when it is gone.</summary>
    Task RemoveAsync(string path, CancellationToken cancellationToken);
}

/// <summary>Chooses host ports and holds them against other containers and other programs.</summary>
public interface IHostPorts
{
    /// <summary>
    /// Reserves each port; for HostPort 0 any free one of the ephemeral range, for a range one of it. All or nothing.
    /// Conflict with the port's number where it is taken.
    /// </summary>
    /// <param name="owner">Reservations are released by owner.</param>
    IReadOnlyList<PublishedPort> Reserve(ContainerId owner, IReadOnlyList<PortBinding> bindings);

    /// <summary>Takes note of ports that a running container holds, after a restart of the service.</summary>
    void Adopt(ContainerId owner, IReadOnlyList<PublishedPort> ports);

    void Release(ContainerId owner);
}
