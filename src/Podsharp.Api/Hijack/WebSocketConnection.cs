using System.IO.Pipelines;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Hijack;

/// <summary>
/// A hijacked connection that speaks RFC 6455: <see cref="Input"/> is what the client's data frames hold, and each write to
/// <see cref="Output"/> is a frame. The client's close is the end of input; a ping is answered meanwhile. Messages mean nothing here, only their bytes.
/// </summary>
internal sealed class WebSocketConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly HijackedConnection _connection;
    private readonly WebSocketSender _sender;
    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10, useSynchronizationContext: false));
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reading;

    private WebSocketConnection(HijackedConnection connection, bool binary)
    {
        _connection = connection;
        _sender = new WebSocketSender(connection.Output, binary);
        Output = PipeWriter.Create(_sender, new StreamPipeWriterOptions(minimumBufferSize: 32 << 10, leaveOpen: true));
        _reading = ReadAsync();
    }

    public PipeReader Input => _input.Reader;

    public PipeWriter Output { get; }

    public CancellationToken ClientGone => _connection.ClientGone;

    /// <param name="binary">The kind of frames that are sent.</param>
    public static async Task<WebSocketConnection> TakeAsync(Func<Task<HijackedConnection>> take, bool binary) => new(await take(), binary);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ClientGone);
            patience.CancelAfter(Patience);
            await _sender.CloseAsync(WebSocketClose.Normal, patience.Token);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // It left without a word, or doesn't read.
        }

        await _connection.DisposeAsync();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, ClientGone);
        try
        {
            await new WebSocketReceiver(_connection.Input, _input.Writer, _sender).RunAsync(stop.Token);
        }
        catch (EngineException)
        {
            // Against the protocol: it is told so by the close frame's code.
            await ProtestAsync(stop.Token);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The client has gone, or the session has ended.
        }

        await _input.Writer.CompleteAsync();
    }

    private async Task ProtestAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _sender.CloseAsync(WebSocketClose.ProtocolError, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // Nor does it listen.
        }
    }
}
