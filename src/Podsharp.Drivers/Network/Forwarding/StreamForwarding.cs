using System.Buffers;
using System.Net.Sockets;

namespace Podsharp.Drivers.Network.Forwarding;

/// <summary>Takes connections to a port of the host on to a container; each direction ends by itself, as the ends wish.</summary>
internal sealed class StreamForwarding(Socket listener, ContainerSockets container, ushort port)
{
    private const int BufferSize = 64 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends with the listener.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptAsync();
                _ = ServeAsync(client);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client has gone already, or there are no descriptors for a while.
                await Task.Delay(Pause);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                using var server = await container.ConnectAsync(SocketType.Stream, port);
                (client.NoDelay, server.NoDelay) = (true, true);
                var (request, reply) = (CopyAsync(client, server), CopyAsync(server, client));
                // What breaks one direction breaks the other: with its sockets it ends, too.
                await await Task.WhenAny(request, reply);
                await Task.WhenAll(request, reply);
            }
            catch (SocketException)
            {
            }
        }
    }

    private static async Task CopyAsync(Socket source, Socket target)
    {
        while (true)
        {
            // Who says nothing holds no buffer.
            await source.ReceiveAsync(Memory<byte>.Empty);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var count = await source.ReceiveAsync(buffer);
                if (count == 0) break;
                for (var sent = 0; sent < count;) sent += await target.SendAsync(buffer.AsMemory(sent, count - sent));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        target.Shutdown(SocketShutdown.Send);
    }
}
