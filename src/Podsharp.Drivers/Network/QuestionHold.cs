using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Storage;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Lets containers' questions to the name server wait while it cannot hear them. aardvark-dns before 1.11 closes its sockets to read its files,
/// whenever a container comes or goes on any network; a question of another that comes in these milliseconds would be refused, and resolvers take
/// that for an answer. One firewall rule for each bridge leads the questions to a queue of this store's own; while nobody holds it they pass.
/// Without that rule (no iptables, no such target in the kernel) all is as if nobody held. Callers hold the driver's lock, but for <see cref="Begin"/>.
/// </summary>
internal sealed class QuestionHold(StorePaths paths, BridgeNamespace space)
{
    private const int FirstNumber = 1024, Rules = 8;

    private readonly Lock _gate = new();

    // The kernel shows only rules of nf_tables; with the older iptables it is known for this service's time alone.
    private readonly HashSet<string> _prepared = [];
    private int _holders;

    // Opened by the first holder and kept, for what comes in that moment is lost; but not beyond a bridge that goes: an ordinary user's
    // may have been the last in their namespace, and the next are in another.
    private PacketQueue? _queue;
    private bool _isToClose;

    /// <summary>The network's bridge is up.</summary>
    public async Task PrepareAsync(Core.Networks.Network network, CancellationToken cancellationToken)
    {
        if (!network.DnsEnabled || IsPrepared(network.InterfaceName)) return;
        _prepared.Add(network.InterfaceName);
        foreach (var program in FirewallProgram.All(network.IPv6Enabled)) await TryAsync(program, "-I", network.InterfaceName, cancellationToken);
    }

    /// <summary>Those bridges among these that are gone. One that was killed in the middle may have left a rule twice.</summary>
    public async Task ForgetAsync(IEnumerable<string> bridges, CancellationToken cancellationToken)
    {
        var interfaces = space.Interfaces();
        var gone = bridges.Where(bridge => !interfaces.Contains(bridge)).ToList();
        if (gone.Count > 0) CloseWhenNobodyHolds();
        foreach (var bridge in gone.Where(bridge => _prepared.Remove(bridge) || IsPrepared(bridge)))
        {
            foreach (var program in FirewallProgram.All(withIPv6: true))
            {
                for (var count = 0; count < Rules && await TryAsync(program, "-D", bridge, cancellationToken); count++)
                {
                }
            }
        }
    }

    /// <summary>Questions wait until the last that began has been disposed of.</summary>
    public IDisposable Begin()
    {
        lock (_gate)
        {
            if (_holders++ == 0)
            {
                _queue ??= PacketQueue.TryOpen(space, NumberOf(paths.NetworkRun));
                Try(_queue, queue => queue.Hold());
            }
        }

        return new Holder(this);
    }

    /// <summary>Those that wait now go on; those that come afterwards wait for the holders as before.</summary>
    public void LetThrough()
    {
        lock (_gate)
        {
            if (_holders == 0) return;
            Try(_queue, queue =>
            {
                queue.Release();
                queue.Hold();
            });
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_holders > 0) return;
            Try(_queue, queue => queue.Release());
            if (_isToClose) Close();
        }
    }

    private void CloseWhenNobodyHolds()
    {
        lock (_gate)
        {
            _isToClose = true;
            if (_holders == 0) Close();
        }
    }

    private void Close()
    {
        _queue?.Dispose();
        (_queue, _isToClose) = (null, false);
    }

    private static void Try(PacketQueue? queue, Action<PacketQueue> action)
    {
        try
        {
            if (queue is not null) action(queue);
        }
        catch (IOException)
        {
            // Then they are as badly off as without it.
        }
    }

    // Stores side by side must not hold each other's.
    // Not for a field: the hash is OpenSSL's, and who only answers a ping does without its 4 MB.
    private static ushort NumberOf(string store) => (ushort)(FirstNumber + (BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(store))) % (ushort.MaxValue - FirstNumber)));

    private bool IsPrepared(string bridge)
    {
        try
        {
            return FirewallChains.Mentions(space, "raw", "PREROUTING", Encoding.ASCII.GetBytes(bridge + '\0'));
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Task<bool> TryAsync(string program, string verb, string bridge, CancellationToken cancellationToken)
    {
        string[] rule = ["-p", "udp", "--dport", "53", "-j", "NFQUEUE", "--queue-num", NumberOf(paths.NetworkRun).ToString(CultureInfo.InvariantCulture), "--queue-bypass"];
        return FirewallProgram.TryAsync(space, program, ["-t", "raw", verb, "PREROUTING", "-i", bridge, .. rule], cancellationToken);
    }

    private sealed class Holder(QuestionHold hold) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) hold.End();
        }
    }
}
