using System.Net.Sockets;
using Podsharp.Linux.Processes;
using NativeCommand = Podsharp.Linux.Processes.Command;

namespace Podsharp.Testing.System;

/// <summary>Does what a systemd socket unit does: holds the listening socket all the time and starts the service whenever somebody waits there and none runs.</summary>
public sealed class SocketUnit : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly PodsharpService _service;
    private readonly CancellationTokenSource _end = new();
    private readonly List<int> _exitCodes = [];
    private readonly Task _loop;

    public SocketUnit(PodsharpService service)
    {
        _service = service;
        _listener.Bind(new UnixDomainSocketEndPoint(service.Socket));
        _listener.Listen(64);
        _loop = Task.Run(ServeAsync);
    }

    public int Starts { get; private set; }

    public IReadOnlyList<int> ExitCodes => _exitCodes;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            if (!_listener.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead)) continue;
            Starts++;
            var child = ChildProcess.Start(Activated());
            await Task.WhenAny(child.Exited, Task.Delay(Timeout.Infinite, _end.Token));
            if (!child.Exited.IsCompleted) child.Signal(15);
            _exitCodes.Add(await child.Exited);
        }
    }

    // LISTEN_PID names the process that the shell becomes.
    private NativeCommand Activated()
    {
        var command = _service.ServiceCommand(_service.Arguments);
        return new("/bin/sh", ["-c", $"export LISTEN_PID=$$; exec \"$@\" >>{_service.LogFile} 2>&1", "sh", command.Program, .. command.Arguments])
        {
            Environment = [.. NativeCommand.DefaultEnvironment, "LISTEN_FDS=1"],
            Descriptors = [((int)_listener.SafeHandle.DangerousGetHandle(), 3)],
        };
    }
}
