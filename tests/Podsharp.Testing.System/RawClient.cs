using System.Net.Sockets;
using System.Text;

namespace Podsharp.Testing.System;

/// <summary>A client that sends what a test says and reads only when told: the kinds that no library offers. Disposing it is to vanish.</summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private RawClient()
    {
    }

    /// <param name="request">The request as it goes over the wire, or as much of it as the test wants to send.</param>
    public static async Task<RawClient> SendAsync(EngineUnderTest engine, string request)
    {
        var client = new RawClient();
        try
        {
            await client._socket.ConnectAsync(new UnixDomainSocketEndPoint(engine.Socket));
            await client.SendAsync(Encoding.ASCII.GetBytes(request));
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>A request without a body, sent whole.</summary>
    /// <param name="line">As "GET /v1.43/events".</param>
    /// <param name="upgrade">Asks to take the connection over.</param>
    public static Task<RawClient> AskAsync(EngineUnderTest engine, string line, bool upgrade = false) =>
        SendAsync(engine, $"{line} HTTP/1.1\r\nHost: engine\r\n{(upgrade ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : "")}\r\n");

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    /// <summary>Reads the head of the reply, and not a byte more.</summary>
    /// <returns>Its status; 0: the connection ended before.</returns>
    public async Task<int> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _socket.ReceiveAsync(one, deadline.Token) == 0) return 0;
            head.Append((char)one[0]);
        }

        return int.Parse(head.ToString().Split(' ')[1]);
    }

    /// <summary>Reads until the other side ends or so much has come.</summary>
    public async Task<string> ReadStartAsync(int length)
    {
        var buffer = new byte[length];
        var filled = 0;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (filled < length && await _socket.ReceiveAsync(buffer.AsMemory(filled), deadline.Token) is > 0 and var count) filled += count;
        return Encoding.Latin1.GetString(buffer, 0, filled);
    }

    /// <summary>Reads until the other side ends.</summary>
    /// <returns>The bytes that came.</returns>
    public async Task<long> ReadToEndAsync()
    {
        var buffer = new byte[64 << 10];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        long all = 0;
        while (await _socket.ReceiveAsync(buffer, deadline.Token) is > 0 and var count) all += count;
        return all;
    }

    public void Dispose() => _socket.Dispose();
}
