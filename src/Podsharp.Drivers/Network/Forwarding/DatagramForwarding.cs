using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Podsharp.Drivers.Network.Forwarding;

/// <summary>
/// Takes datagrams to a port of the host on to a container, and its answers back: each client has a socket of its own, as long as one of the two speaks.
/// </summary>
internal sealed class DatagramForwarding(Socket listener, ContainerSockets container, ushort port)
{
    private const int Longest = 65535, MostClients = 4096;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), IdleTime = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<EndPoint, Flow> _flows = new();

    /// <summary>Ends with the listener.</summary>
    public async Task RunAsync()
    {
        using var sweep = new Timer(_ => Sweep(), null, IdleTime / 4, IdleTime / 4);
        var buffer = new byte[Longest];
        var anybody = new IPEndPoint(listener.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            try
            {
                var received = await listener.ReceiveFromAsync(buffer, anybody);
                if (await FlowOfAsync(received.RemoteEndPoint) is { } flow) await flow.SendAsync(buffer.AsMemory(0, received.ReceivedBytes));
            }
            catch (ObjectDisposedException) when (listener.SafeHandle.IsClosed)
            {
                return;
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                // A datagram may be lost; nobody listens in the container, say, or an answer found no client.
                if (failure is SocketException { SocketErrorCode: not (SocketError.ConnectionRefused or SocketError.NetworkUnreachable) }) await Task.Delay(Pause);
            }
        }
    }

    private async Task<Flow?> FlowOfAsync(EndPoint client)
    {
        if (_flows.TryGetValue(client, out var flow)) return flow;
        if (_flows.Count >= MostClients) return null;
        flow = new Flow(await container.ConnectAsync(SocketType.Dgram, port));
        _flows[client] = flow;
        _ = AnswerAsync(client, flow);
        return flow;
    }

    private async Task AnswerAsync(EndPoint client, Flow flow)
    {
        while (true)
        {
            try
            {
                await flow.WaitAsync();
                var buffer = ArrayPool<byte>.Shared.Rent(Longest);
                var count = await flow.ReceiveAsync(buffer);
                await listener.SendToAsync(buffer.AsMemory(0, count), client);
                ArrayPool<byte>.Shared.Return(buffer);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure)
            {
                if (failure.SocketErrorCode == SocketError.OperationAborted) return;
                if (failure.SocketErrorCode != SocketError.ConnectionRefused) await Task.Delay(Pause);
            }
        }
    }

    private void Sweep()
    {
        foreach (var (client, flow) in _flows)
        {
            if (flow.IdleFor > IdleTime && _flows.TryRemove(client, out _)) flow.Dispose();
        }
    }

    private sealed class Flow(Socket socket) : IDisposable
    {
        private readonly byte[] _glance = new byte[1];
        private long _last = Environment.TickCount64;

        public TimeSpan IdleFor => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _last));

        public async Task SendAsync(ReadOnlyMemory<byte> datagram)
        {
            Volatile.Write(ref _last, Environment.TickCount64);
            await socket.SendAsync(datagram);
        }

        /// <summary>Returns when there is something to be received: who says nothing holds no buffer.</summary>
        public async Task WaitAsync() => await socket.ReceiveAsync(_glance, SocketFlags.Peek);

        public async Task<int> ReceiveAsync(Memory<byte> buffer)
        {
            var count = await socket.ReceiveAsync(buffer);
            Volatile.Write(ref _last, Environment.TickCount64);
            return count;
        }

        public void Dispose() => socket.Dispose();
    }
}
