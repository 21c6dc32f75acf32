using System.Net.Sockets;
using System.Runtime.InteropServices;
using Podsharp.Cli.Connection;
using Podsharp.Cli.Native;

namespace Podsharp.Cli.Streams;

/// <summary>Ties this terminal or these pipes to a process of a container until its output ends.</summary>
/// <param name="resizePath">Path of the process's resize endpoint.</param>
internal sealed class AttachedProcess(EngineClient engine, UpgradedConnection connection, bool input, bool terminal, string resizePath)
{
    private const int BufferSize = 32 << 10;

    /// <summary>Follows the terminal's size for as long as the process is attached; call once it has started.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var raw = terminal && input ? Terminal.Raw() : null;
        using var resized = terminal ? PosixSignalRegistration.Create(PosixSignal.SIGWINCH, OnResized) : null;
        if (terminal) await ResizeAsync(cancellationToken);
        if (input) new Thread(PumpInput) { IsBackground = true, Name = "stdin" }.Start();
        await OutputCopy.ToStandardStreamsAsync(connection.Output, terminal, cancellationToken);
    }

    private void OnResized(PosixSignalContext context) => _ = ResizeAsync(CancellationToken.None);

    private async Task ResizeAsync(CancellationToken cancellationToken)
    {
        if (Terminal.Size() is not var (height, width)) return;
        try
        {
            await engine.SendAsync(HttpMethod.Post, $"{resizePath}?h={height}&w={width}", cancellationToken);
        }
        catch (Exception exception) when (exception is EngineRefusal or CliFailure or OperationCanceledException)
        {
            // It may have ended already; a wrong size is no reason to end the session.
        }
    }

    private void PumpInput()
    {
        var buffer = new byte[BufferSize];
        try
        {
            int count;
            while ((count = StandardStream.Read(buffer)) > 0)
                for (var sent = 0; sent < count;) sent += connection.Socket.Send(buffer.AsSpan(sent, count - sent));
            connection.EndInput();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The process is gone and wants no more input.
        }
    }
}
