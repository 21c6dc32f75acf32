using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Drivers.Host;
using Podsharp.Linux.Namespaces;
using Shared = Podsharp.Core.Networks.Network;

namespace Podsharp.Drivers.Network.Rootless;

/// <summary>
/// The networks of an ordinary user, who may not touch the host's. On the default one each container has its address to itself, and a pasta(1) that carries
/// its packets. On others containers meet on bridges, as netavark makes them, in a namespace of the user's; their published ports are served by a process.
/// </summary>
public sealed class UserNetworks : INetworkDriver, IAsyncDisposable
{
    private readonly PastaCommand _pasta;
    private readonly BridgeHome _home;
    private readonly PortForwarder _forwarder;
    private readonly Netavark _bridges;

    /// <param name="netavark">For networks with bridges; where they are is known here.</param>
    public UserNetworks(DriverOptions options, NetavarkOptions netavark, ILogger<Netavark> logger)
    {
        var scopes = new UserScopes(options);
        _pasta = new PastaCommand(options, scopes);
        _home = new BridgeHome(options.Paths, _pasta);
        _forwarder = new PortForwarder(options, scopes);
        var lockFile = Path.Join(options.Paths.RunRoot, "xtables.lock");
        _bridges = new Netavark(
            netavark with
            {
                Bridges = new BridgeNamespace(_home.NamespacePath),
                Rootless = true,
                // The usual one below /run is root's.
                ToolEnvironment = [.. options.ToolEnvironment, $"XTABLES_LOCKFILE={lockFile}"],
            },
            options.Paths,
            logger);
    }

    public event Action? RulesLost
    {
        add => _bridges.RulesLost += value;
        remove => _bridges.RulesLost -= value;
    }

    public async Task SetUpAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        var bridged = Bridged(attachment);
        try
        {
            if (Own(attachment) is { } endpoint) await StartPastaAsync(attachment, endpoint, cancellationToken);
            if (bridged.Endpoints.Count > 0)
            {
                using var guest = await _home.EnterAsync(cancellationToken);
                await _bridges.SetUpAsync(bridged, cancellationToken);
            }

            if (attachment.Ports.Count > 0 && Own(attachment) is null) await _forwarder.StartAsync(attachment);
        }
        catch
        {
            await TearDownAsync(attachment, CancellationToken.None);
            throw;
        }
    }

    public async Task TearDownAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        var bridged = Bridged(attachment);
        if (Own(attachment) is not null) await PastaProcess.EndAsync(attachment.NamespacePath);
        if (!attachment.KeepsPorts) await _forwarder.EndAsync(attachment.ContainerId);
        if (bridged.Endpoints.Count > 0 && _home.IsThere) await _bridges.TearDownAsync(bridged, cancellationToken);
        // What pasta did is another's now.
        if (attachment is { KeepsPorts: true, Ports.Count: > 0 } && Own(attachment) is not null) await _forwarder.StartAsync(attachment);
    }

    /// <summary>NotSupported for a network that is the host's matter.</summary>
    public Task CheckAsync(Shared network, CancellationToken cancellationToken) => network.Driver is "macvlan" or "ipvlan"
        ? throw EngineException.NotSupported($"network driver {network.Driver} needs an interface of the host, which a service of an ordinary user may not touch")
        : _bridges.CheckAsync(network, cancellationToken);

    public async Task RestoreAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        var bridged = Bridged(attachment);
        if (bridged.Endpoints.Count == 0 || !_home.IsThere) return;
        await _bridges.RestoreAsync(bridged, cancellationToken);
        if (attachment.Ports.Count > 0 && Own(attachment) is null) await _forwarder.StartAsync(attachment);
    }

    public async Task RenameAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        if (_home.IsThere) await _bridges.RenameAsync(Bridged(attachment), cancellationToken);
    }

    public async Task RemoveAsync(Shared network, CancellationToken cancellationToken)
    {
        if (!_home.IsThere) return;
        await _bridges.RemoveAsync(network, cancellationToken);
        await _home.CloseUnusedAsync();
    }

    /// <summary>There is no interface on the host that could be in anybody's way.</summary>
    public bool Keeps(Shared network) => true;

    public async ValueTask DisposeAsync()
    {
        if (_home.IsThere) await _bridges.DisposeAsync();
        await _home.CloseUnusedAsync();
        _home.Dispose();
    }

    private Task StartPastaAsync(NetworkAttachment attachment, Endpoint endpoint, CancellationToken cancellationToken)
    {
        var own = attachment.KeepsPorts ? attachment with { Ports = [] } : attachment;
        return _pasta.StartAsync(attachment.NamespacePath, PastaArguments.For(own, endpoint), $"Network of container {attachment.ContainerName}", cancellationToken);
    }

    /// <returns>The endpoint on the default network; null: it is on none.</returns>
    private static Endpoint? Own(NetworkAttachment attachment) => attachment.Endpoints.FirstOrDefault(static pair => IsDefault(pair.Network)).Endpoint;

    private static bool IsDefault(Shared network) => network is { Predefined: true, Driver: "bridge" };

    // No rule leads to ports there. The host's own name servers may be on its loopback, which is not the bridges'.
    private static NetworkAttachment Bridged(NetworkAttachment attachment) => attachment with
    {
        Endpoints = [.. attachment.Endpoints.Where(static pair => !IsDefault(pair.Network))],
        Ports = [],
        DnsServers = attachment.DnsServers.Count > 0 ? attachment.DnsServers : ResolverFile.ServersOutside(),
    };
}
