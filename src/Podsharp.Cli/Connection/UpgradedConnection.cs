using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Podsharp.Cli.Connection;

/// <summary>The raw connection of attach and exec: the process's input one way, its output the other (reference/protocols.md §1).</summary>
internal sealed class UpgradedConnection : IDisposable
{
    private UpgradedConnection(Socket socket, Stream stream) => (Socket, Output) = (socket, stream);

    public Socket Socket { get; }

    public Stream Output { get; }

    /// <exception cref="EngineRefusal">The engine answered with an error instead.</exception>
    public static async Task<UpgradedConnection> OpenAsync(Socket socket, string path, byte[] body, CancellationToken cancellationToken)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        var request = $"POST {path} HTTP/1.1\r\nHost: podsharp\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        try
        {
            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(request), .. body], cancellationToken);
            var (status, headers) = await ReadHeadAsync(stream, cancellationToken);
            if (status is HttpStatusCode.SwitchingProtocols or HttpStatusCode.OK) return new UpgradedConnection(socket, stream);
            throw EngineClient.Refusal(status, await ReadBodyAsync(stream, headers, cancellationToken));
        }
        catch (IOException exception)
        {
            throw new CliFailure("the engine closed the connection: " + exception.Message, ExitCodes.EngineFailed);
        }
    }

    /// <summary>The end of the process's input; its output goes on.</summary>
    public void EndInput()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other side is gone already.
        }
    }

    public void Dispose() => Output.Dispose();

    private static async Task<(HttpStatusCode Status, Dictionary<string, string> Headers)> ReadHeadAsync(
        Stream stream, CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(stream, cancellationToken);
        var words = line.Split(' ', 3);
        if (words.Length < 2 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new CliFailure("the engine closed the connection without an answer", ExitCodes.EngineFailed);

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while ((line = await ReadLineAsync(stream, cancellationToken)).Length > 0)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return ((HttpStatusCode)status, headers);
    }

    // A byte at a time: what follows the head belongs to the process.
    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n') line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }

    private static async Task<byte[]> ReadBodyAsync(Stream stream, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (headers.TryGetValue("Transfer-Encoding", out var encoding) && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            while (int.TryParse(
                await ReadLineAsync(stream, cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) && size > 0)
            {
                await CopyAsync(stream, body, size, cancellationToken);
                await ReadLineAsync(stream, cancellationToken);
            }
        }
        else if (headers.TryGetValue("Content-Length", out var text) && int.TryParse(text, out var length))
        {
            await CopyAsync(stream, body, length, cancellationToken);
        }

        return body.ToArray();
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await from.ReadExactlyAsync(bytes, cancellationToken);
        to.Write(bytes);
    }
}
