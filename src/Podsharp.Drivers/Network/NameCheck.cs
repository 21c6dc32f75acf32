using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Podsharp.Core.Networks;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Waits until the name server answers with a container's address. It is told of its files by a signal and reads them when it comes to it; a
/// container that starts before would be unknown to its neighbours. A signal that comes while it reads is lost, so it is told again.
/// </summary>
internal sealed class NameCheck(NameRecords records)
{
    private const int Attempts = 100, AttemptsBetween = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Rereading = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // Where a firewall keeps containers from the host's addresses, waiting once is enough.
    private readonly ConcurrentDictionary<string, bool> _silent = new();

    public async Task RunAsync(NetworkAttachment container)
    {
        foreach (var (endpoint, network) in container.Endpoints)
        {
            if (!network.DnsEnabled || endpoint.IPv4.Length == 0 || !endpoint.Aliases.Contains(container.ContainerId.Short) || _silent.ContainsKey(network.Id)) continue;
            var server = network.Subnets.FirstOrDefault(subnet => !subnet.Cidr.Contains(':', StringComparison.Ordinal))?.Gateway;
            if (!IPAddress.TryParse(server, out var address)) continue;
            try
            {
                if (!await AnswersAsync(container.NamespacePath, new IPEndPoint(address, 53), container.ContainerId.Short, endpoint)) _silent[network.Id] = true;
            }
            catch (IOException)
            {
                // The container can do without having been waited for.
            }
        }
    }

    /// <returns>false: not a word came back.</returns>
    private async Task<bool> AnswersAsync(string namespacePath, EndPoint server, string name, Endpoint endpoint)
    {
        using var socket = await NamespaceSocket.OpenDatagramAsync(namespacePath);
        var expected = IPAddress.Parse(endpoint.IPv4.Split('/')[0]).GetAddressBytes();
        // Header with one question, then the name as one label, the root, type A, class IN.
        byte[] query = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0, 1, 0, 1];
        var answer = new byte[512];
        var (answered, toldAgain) = (false, false);
        var clock = Stopwatch.StartNew();
        for (var attempt = 0; attempt < Attempts && clock.Elapsed < Limit; attempt++)
        {
            using var time = new CancellationTokenSource(Patience);
            try
            {
                await socket.SendToAsync(query, server);
                var length = await socket.ReceiveAsync(answer, time.Token);
                answered = true;
                if (answer.AsSpan(0, length).IndexOf(expected) >= 0)
                {
                    if (!toldAgain) return true;
                    // It has closed its sockets for that, or is about to: what it answers afterwards counts.
                    toldAgain = false;
                    await Task.Delay(Rereading);
                    continue;
                }

                await Task.Delay(Pause);
            }
            catch (OperationCanceledException)
            {
            }
            catch (SocketException)
            {
                // Nobody listens yet.
                await Task.Delay(Pause);
            }

            // Silence too can mean that it does not know of this address: it passes the question on then.
            if (attempt % AttemptsBetween != AttemptsBetween - 1) continue;
            records.Tell();
            toldAgain = true;
        }

        return answered;
    }
}
