using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Networks by netavark and aardvark-dns (reference/protocols.md §6, §7). One call at a time: two at once break each other's
/// firewall chains. Disposal lets the bridges go that are kept up; those with containers on them stay.
/// </summary>
public sealed class Netavark : INetworkDriver, IAsyncDisposable
{
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly NetavarkCommand _command;
    private readonly BridgeKeeper? _keeper;
    private readonly DirectPorts? _direct;
    private readonly PortForwards _forwards;
    private readonly FirewallWitness _witness;
    private readonly IsolationRules _isolation;
    private readonly NameRecords _records;
    private readonly NameCheck _names;
    private readonly QuestionHold _hold;
    private readonly StandIns _standIns;
    private readonly DeadEnd _deadEnd;
    private readonly ILogger<Netavark> _logger;

    public Netavark(NetavarkOptions options, StorePaths paths, ILogger<Netavark> logger)
    {
        var space = options.Bridges;
        _witness = new FirewallWitness(space);
        _isolation = new IsolationRules(space);
        _hold = new QuestionHold(paths, space);
        var server = new NameServer(paths, _hold, space, options.DnsPort);
        _command = new NetavarkCommand(options, paths, server);
        _keeper = options.KeepBridges ? new BridgeKeeper(_command, paths, space) : null;
        _records = new NameRecords(paths, server);
        _names = new NameCheck(_records);
        _forwards = new PortForwards(options.Firewall);
        _direct = _keeper is null ? null : new DirectPorts(_keeper, _records, _forwards, space);
        _standIns = new StandIns(paths, space);
        _deadEnd = new DeadEnd(paths, _command, server, options);
        _logger = logger;
    }

    public event Action? RulesLost;

    /// <summary>How many containers were put on their networks without netavark.</summary>
    internal int SetUpsWithoutProgram { get; private set; }

    public async Task SetUpAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        await ConnectAsync(attachment, cancellationToken);
        await _names.RunAsync(attachment);
    }

    public async Task TearDownAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _command.PredecessorsAsync();
            if (_direct?.CanTearDown(attachment) is not true || !await _direct.TryTearDownAsync(attachment)) await TearDownByProgramAsync(attachment, cancellationToken);
            DatagramFlows.End(attachment);
            await _deadEnd.CloseUnusedAsync();
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.Internal)
        {
            // What was there is gone as far as it could be; the rest goes with the namespace, or as if it had been the last container.
            NetavarkLog.TearDownIncomplete(_logger, attachment.ContainerId.ToString(), exception.Message);
            foreach (var (_, network) in attachment.Endpoints) await SweepAsync(network, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task CheckAsync(Core.Networks.Network network, CancellationToken cancellationToken) => NetavarkNeeds.CheckAsync(network, _command, cancellationToken);

    // netavark makes rules only together with interfaces. So it sets up a stand-in for the container, with the same addresses and the same
    // hardware address (another one would spoil the neighbours' tables); what it makes on the host outlives the stand-in.
    public async Task RestoreAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        var bridges = attachment.Endpoints.Where(pair => pair.Network.Driver == "bridge").ToList();
        if (bridges.Count == 0) return;
        var config = NetavarkConfig.For(attachment, bridges);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _standIns.UseBesideAsync(config.ContainerId, attachment.NamespacePath, [.. bridges.Select(static pair => pair.Endpoint)], path => NetavarkRivals.OutlastAsync(
                () => _command.SetUpApartAsync(path, config, path + ".d", cancellationToken), cancellationToken));
            foreach (var (_, network) in bridges) await CompleteAsync(network, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task RenameAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var (endpoint, network) in attachment.Endpoints) await _records.RenameAsync(attachment, endpoint, network);
            _records.Tell();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task RemoveAsync(Core.Networks.Network network, CancellationToken cancellationToken)
    {
        if (_keeper is null) return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await NetavarkRivals.OutlastAsync(() => _keeper.ReleaseAsync(network.Id, cancellationToken), cancellationToken);
            await SweepAsync(network, cancellationToken);
            await _forwards.ForgetAsync(network);
            _witness.Forget(network);
            await _hold.ForgetAsync([network.InterfaceName], cancellationToken);
            await _isolation.MendAsync(network, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public bool Keeps(Core.Networks.Network network) => _keeper?.Keeps(network) ?? false;

    public async ValueTask DisposeAsync()
    {
        using var time = new CancellationTokenSource(CleanUpTime);
        await _turn.WaitAsync(time.Token);
        try
        {
            if (_keeper is null || !_keeper.KeepsAny) return;
            var bridges = _keeper.Bridges();
            await NetavarkRivals.OutlastAsync(() => _keeper.ReleaseAllAsync(time.Token), time.Token);
            await _hold.ForgetAsync(bridges, time.Token);
            await _isolation.MendAsync(time.Token);
        }
        catch (Exception exception) when (exception is EngineException or IOException or OperationCanceledException)
        {
            NetavarkLog.BridgeStays(_logger, exception.Message);
        }
        finally
        {
            _turn.Dispose();
        }
    }

    private async Task ConnectAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            attachment = await _deadEnd.UseAsync(attachment, cancellationToken);
            var config = NetavarkConfig.For(attachment);
            var bridges = attachment.Endpoints.Where(pair => pair.Network.Driver == "bridge").ToList();
            var directly = AreIntact(bridges) && await TrySetUpDirectlyAsync(attachment);
            if (!directly)
            {
                await SetUpByProgramAsync(attachment, config, cancellationToken);
                await LearnAsync(attachment, bridges, cancellationToken);
            }

            foreach (var (endpoint, _) in attachment.Ports.Count > 0 ? bridges : []) await LetItReachItselfAsync(attachment, endpoint);
            DatagramFlows.Turn(attachment);
        }
        finally
        {
            _turn.Release();
        }
    }

    // Where somebody flushed the firewall netavark makes the network's rules anew, with its next container.
    private bool AreIntact(List<(Endpoint, Core.Networks.Network Network)> bridges)
    {
        var lacking = bridges.Where(pair => Keeps(pair.Network) && !_witness.IsIntact(pair.Network)).ToList();
        foreach (var (_, network) in lacking) _forwards.Doubt(network);
        return lacking.Count == 0;
    }

    private async Task LearnAsync(NetworkAttachment attachment, List<(Endpoint, Core.Networks.Network Network)> bridges, CancellationToken cancellationToken)
    {
        var hadLost = false;
        foreach (var (_, network) in bridges)
        {
            if (attachment.Ports.Count > 0 && network.CarriesPorts()) _forwards.Note(network);
            hadLost |= _witness.Note(network);
            if (await IsNewlyKeptAsync(network)) await CompleteAsync(network, cancellationToken);
        }

        if (hadLost) RulesLost?.Invoke();
    }

    // What a new bridge's rules lack.
    private async Task CompleteAsync(Core.Networks.Network network, CancellationToken cancellationToken)
    {
        await _isolation.LetPublishedThroughAsync(network, cancellationToken);
        await _hold.PrepareAsync(network, cancellationToken);
    }

    private Task SetUpByProgramAsync(NetworkAttachment attachment, NetavarkConfig config, CancellationToken cancellationToken) => NetavarkRivals.OutlastAsync(
        async () =>
        {
            try
            {
                await _command.SetUpAsync(attachment.NamespacePath, config, cancellationToken);
            }
            catch
            {
                await CleanUpAsync(attachment);
                throw;
            }
        },
        cancellationToken);

    private async Task<bool> TrySetUpDirectlyAsync(NetworkAttachment attachment)
    {
        if (_direct?.CanSetUp(attachment) is not true) return false;
        try
        {
            await _direct.SetUpAsync(attachment);
            SetUpsWithoutProgram++;
            return true;
        }
        catch (IOException exception)
        {
            // Somebody took the bridge down in this moment, it may be; netavark makes everything that it needs.
            NetavarkLog.NotDirect(_logger, attachment.ContainerId.ToString(), exception.Message);
            return false;
        }
    }

    private async Task CleanUpAsync(NetworkAttachment attachment)
    {
        using var time = new CancellationTokenSource(CleanUpTime);
        try
        {
            await TearDownByProgramAsync(attachment, time.Token);
        }
        catch (Exception exception) when (exception is EngineException or IOException or OperationCanceledException)
        {
            NetavarkLog.TearDownIncomplete(_logger, attachment.ContainerId.ToString(), exception.Message);
        }
    }

    // Firewall rules are outside the namespace: they must go even when it is gone. netavark wants one to look into.
    private async Task TearDownByProgramAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        var config = NetavarkConfig.For(attachment);
        Task TearDownAsync(string path) => _command.TearDownAsync(path, config, cancellationToken);
        if (NetworkNamespace.IsThere(attachment.NamespacePath)) await NetavarkRivals.OutlastAsync(() => TearDownAsync(attachment.NamespacePath), cancellationToken);
        else await _standIns.UseAsync(config.ContainerId, TearDownAsync);
        await _hold.ForgetAsync(attachment.Endpoints.Select(pair => pair.Network.InterfaceName), cancellationToken);
    }

    private Task SweepAsync(Core.Networks.Network network, CancellationToken cancellationToken) =>
        _keeper is null ? Task.CompletedTask : NetavarkRivals.OutlastAsync(() => _keeper.SweepAsync(network, cancellationToken), cancellationToken);

    private async Task LetItReachItselfAsync(NetworkAttachment attachment, Endpoint endpoint)
    {
        try
        {
            await NetworkNamespace.SetHairpinAsync(attachment.NamespacePath, endpoint.InterfaceName);
        }
        catch (IOException exception)
        {
            NetavarkLog.NoHairpin(_logger, attachment.ContainerName, exception.Message);
        }
    }

    // Then its bridge and its rules are new too, or were another service's.
    private async Task<bool> IsNewlyKeptAsync(Core.Networks.Network network)
    {
        if (network.Driver != "bridge" || network.InterfaceName.Length == 0) return false;
        if (_keeper is null) return true;
        try
        {
            return await _keeper.KeepAsync(network);
        }
        catch (IOException exception)
        {
            // Only slower without.
            NetavarkLog.NotKept(_logger, network.Name, exception.Message);
            return true;
        }
    }
}
