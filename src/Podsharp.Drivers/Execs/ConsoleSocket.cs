using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Containers;
using Podsharp.Core.Storage;
using Podsharp.Linux.Polling;
using Podsharp.Linux.Sockets;

namespace Podsharp.Drivers.Execs;

/// <summary>The socket over which the runtime hands us a terminal's master.</summary>
internal sealed class ConsoleSocket : IDisposable
{
    private readonly AsyncSignal _readable = new();
    private readonly PolledDescriptor _listener;

    public ConsoleSocket(StorePaths paths, ContainerId session)
    {
        // Short: runtimes have no way round the 107 bytes of a socket's name.
        SocketPath = Path.Join(paths.RunRoot, $"tty-{session.Short}");
        _listener = new PolledDescriptor(LocalSocket.ListenStream(SocketPath), _readable, null);
    }

    public string SocketPath { get; }

    public async Task<SafeFileHandle> ReceiveAsync(CancellationToken cancellationToken)
    {
        SafeFileHandle? accepted;
        while ((accepted = LocalSocket.TryAccept(_listener.Number)) is null) await _readable.WaitAsync(cancellationToken);

        var arrived = new AsyncSignal();
        using var connection = new PolledDescriptor(accepted, arrived, null);
        SafeFileHandle? master;
        while ((master = LocalSocket.TryReceiveDescriptor(connection.Number)) is null) await arrived.WaitAsync(cancellationToken);
        return master;
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(SocketPath);
    }
}
