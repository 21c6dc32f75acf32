using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Podsharp.Api.Hijack;

/// <summary>
/// The raw bytes of a connection that a handler took over. Input ends with the client's half-close, output goes on after it.
/// A client that vanished shows as <see cref="ClientGone"/> and as IOException from a flush.
/// </summary>
internal sealed class HijackedConnection : IAsyncDisposable
{
    // How long a client that keeps sending gets to notice our end before the connection is closed on it.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly HttpContext _http;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _gone = new();
    private ITimer? _probe;

    private HijackedConnection(HttpContext http, IHijackFeature feature)
    {
        _http = http;
        _socket = feature.Socket;
        Input = feature.Input;
        Output = PipeWriter.Create(new SocketOutput(_socket), new StreamPipeWriterOptions(minimumBufferSize: 32 << 10));
    }

    /// <summary>From the client. Completed: it half-closed (or went).</summary>
    public PipeReader Input { get; }

    /// <summary>To the client; a flush returns when the kernel has the bytes.</summary>
    public PipeWriter Output { get; }

    /// <summary>Fires within about a second after the client has closed both directions.</summary>
    public CancellationToken ClientGone => _gone.Token;

    public static Task<HijackedConnection> TakeAsync(HttpContext http, string contentType) => TakeAsync(http, Head(http.Request, contentType));

    /// <param name="head">The whole head of the reply.</param>
    public static async Task<HijackedConnection> TakeAsync(HttpContext http, byte[] head)
    {
        var feature = http.Features.Get<IHijackFeature>() ?? throw new InvalidOperationException("The listener has no hijack middleware.");
        await DrainBodyAsync(http.Request);
        feature.Hijack();
        var connection = new HijackedConnection(http, feature);
        try
        {
            await connection.Output.WriteAsync(head, CancellationToken.None);
        }
        catch (IOException)
        {
            await connection._gone.CancelAsync();
        }

        connection._probe = TimeProvider.System.CreateTimer(
            static state => ((HijackedConnection)state!).Probe(), connection, ProbeInterval, ProbeInterval);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_probe is not null) await _probe.DisposeAsync();
        if (!_gone.IsCancellationRequested) await EndAsync();

        // Makes the HTTP layer give up its reply silently and closes the transport.
        _http.Abort();
        _gone.Dispose();
    }

    private static byte[] Head(HttpRequest request, string contentType)
    {
        var upgrade = request.Headers.Upgrade.Count > 0 && request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase);
        return Encoding.ASCII.GetBytes(upgrade
            ? $"HTTP/1.1 101 UPGRADED\r\nContent-Type: {contentType}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n");
    }

    // For an upgrade without a body the framework's body is the raw connection: reading that would eat the client's stdin.
    private static async Task DrainBodyAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0) return;
        await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
    }

    // Closing a socket with unread input resets it, and the client would lose its output's end: so send FIN first and eat what still comes.
    private async Task EndAsync()
    {
        try
        {
            using var linger = new CancellationTokenSource(Linger);
            await Output.FlushAsync(linger.Token);
            _socket.Shutdown(SocketShutdown.Send);
            while (true)
            {
                var read = await Input.ReadAsync(linger.Token);
                Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled) return;
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The client has closed, reset or overstayed: the end either way.
        }
    }

    // Nothing but EPIPE tells a client that closed from one that half-closed, and an empty send asks for it without sending anything.
    private void Probe()
    {
        try
        {
            _socket.Send(ReadOnlySpan<byte>.Empty, SocketFlags.None);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            try
            {
                _gone.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }
}
