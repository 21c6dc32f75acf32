using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Polling;
using Podsharp.Linux.Processes;

namespace Podsharp.Linux.Watch;

/// <summary>Calls back once, on the poll thread, when a process that is not our child has ended.</summary>
public sealed class ProcessWatch : IPollHandler, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SafeFileHandle _process;
    private readonly Action _callback;
    private readonly long _key;

    private ProcessWatch(SafeFileHandle process, Action callback)
    {
        _process = process;
        _callback = callback;
        lock (_lock)
        {
            _key = PollThread.Shared.Register((int)process.DangerousGetHandle(), PollThread.In | PollThread.OneShot, this);
        }
    }

    /// <summary>Null when no process with this pid and start time (0: any) lives.</summary>
    public static ProcessWatch? Start(int pid, long startTime, Action callback)
    {
        var process = PidDescriptor.OpenExactly(pid, startTime);
        return process is null ? null : new ProcessWatch(process, callback);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_process.IsClosed) return;
            PollThread.Shared.Remove((int)_process.DangerousGetHandle(), _key);
            _process.Dispose();
        }
    }

    void IPollHandler.Ready(uint events)
    {
        Dispose();
        _callback();
    }
}
