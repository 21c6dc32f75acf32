using System.Globalization;
using System.Text;
using Podsharp.Core.Networks;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Adds and removes the rules of published ports, all of a container's by one call of iptables-restore: all or none. The chains are netavark's; where it has
/// no such chains (its other firewalls), or somebody took them away, nothing is done. Callers hold the driver's lock.
/// </summary>
internal sealed class PortForwards(string firewall)
{
    private const int Patience = 3;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly string? _program = firewall is "" or "iptables" ? ExecutablePath.Find("iptables-restore") : null;

    // By their networks' ids. Only what netavark made in this service's time is sure to be there.
    private readonly HashSet<string> _chains = [];
    private int _failures;

    private bool IsFit => _program is not null && _failures < Patience;

    public bool CanAdd(Core.Networks.Network network) => IsFit && _chains.Contains(network.Id);

    public void Doubt(Core.Networks.Network network) => _chains.Remove(network.Id);

    /// <summary>netavark has set up published ports of this network.</summary>
    public void Note(Core.Networks.Network network) => _chains.Add(network.Id);

    public async Task AddAsync(NetworkAttachment attachment)
    {
        var carriers = attachment.Endpoints.Select(pair => pair.Network).Where(network => network.CarriesPorts()).ToList();
        foreach (var network in carriers) LetLoopbackThrough(network);
        try
        {
            await ChangeAsync("-A", PortRules.Of(attachment));
            _failures = 0;
        }
        catch (IOException)
        {
            _failures++;
            foreach (var network in carriers) _chains.Remove(network.Id);
            throw;
        }
    }

    /// <returns>false: some were not there, and none was removed.</returns>
    public async Task<bool> TryRemoveAsync(NetworkAttachment attachment)
    {
        if (!IsFit) return false;
        try
        {
            await ChangeAsync("-D", PortRules.Of(attachment));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The network is gone from the host: netavark leaves its chain behind, be it another service's.</summary>
    public async Task ForgetAsync(Core.Networks.Network network)
    {
        _chains.Remove(network.Id);
        if (!IsFit || !network.CarriesPorts()) return;
        try
        {
            await ChangeAsync("-X", [PortRules.ChainOf(network)]);
        }
        catch (IOException)
        {
            // No port was ever published, or another's rules lead to it.
        }
    }

    // A packet from 127.0.0.1 leaves by a bridge only where that says so.
    private static void LetLoopbackThrough(Core.Networks.Network network)
    {
        var file = $"/proc/sys/net/ipv4/conf/{network.InterfaceName}/route_localnet";
        if (File.ReadAllText(file).Trim() != "1") File.WriteAllText(file, "1");
    }

    private async Task ChangeAsync(string verb, IEnumerable<string> rules)
    {
        var input = new StringBuilder("*nat\n");
        foreach (var rule in rules) input.Append(CultureInfo.InvariantCulture, $"{verb} {rule}\n");
        using var time = new CancellationTokenSource(TimeLimit);
        try
        {
            var command = new Command(_program!, ["--noflush", "-w"]);
            var result = await ProcessRunner.RunAsync(command, Encoding.ASCII.GetBytes(input.Append("COMMIT\n").ToString()), time.Token);
            if (!result.Succeeded) throw new IOException($"iptables-restore: {result.ErrorText.Trim()}");
        }
        catch (OperationCanceledException)
        {
            throw new IOException("iptables-restore took too long");
        }
    }
}
