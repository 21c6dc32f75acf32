using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Polling;

namespace Podsharp.Linux.Processes;

/// <summary>
/// The one process gateway: every child of this process is born here. It is reaped through its pidfd, never by
/// <c>wait(-1)</c>, so that the framework's own children are left alone; that happens whether or not anybody looks at <see cref="Exited"/>.
/// </summary>
public sealed unsafe partial class ChildProcess : IPollHandler
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly SafeFileHandle _pidDescriptor;
    private long _pollKey;

    private ChildProcess(int pid, SafeFileHandle pidDescriptor)
    {
        Pid = pid;
        _pidDescriptor = pidDescriptor;
    }

    public int Pid { get; }

    /// <summary>Exit code, or 128 + signal.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Throws <see cref="SystemCallException"/> with the reason when the program cannot be executed.</summary>
    public static ChildProcess Start(Command command)
    {
        var pid = Spawner.Spawn(command);
        var pidDescriptor = PidDescriptor.Open(pid) ?? throw new InvalidOperationException($"child {pid} was reaped by somebody else");
        var child = new ChildProcess(pid, pidDescriptor);
        lock (child._lock)
        {
            child._pollKey = PollThread.Shared.Register(
                (int)pidDescriptor.DangerousGetHandle(), PollThread.In | PollThread.OneShot, child);
        }

        return child;
    }

    /// <summary>False when it has been reaped already.</summary>
    public bool Signal(int signal)
    {
        lock (_lock)
        {
            return !_pidDescriptor.IsClosed && PidDescriptor.Signal(_pidDescriptor, signal);
        }
    }

    void IPollHandler.Ready(uint events)
    {
        int code;
        lock (_lock)
        {
            if (_pidDescriptor.IsClosed) return;
            code = PidDescriptor.Reap(_pidDescriptor);
            PollThread.Shared.Remove((int)_pidDescriptor.DangerousGetHandle(), _pollKey);
            _pidDescriptor.Dispose();
        }

        _exited.TrySetResult(code);
    }
}
