using System.Runtime.InteropServices;

namespace Podsharp.Linux.Polling;

/// <summary>
/// Waits till a socket can be read, asking for one event at a time. The framework registers a socket for good and is woken by every packet
/// of a large body, though its reader is busy with those before: as much time as it takes to receive them.
/// </summary>
public sealed class Readability : IPollHandler, IDisposable
{
    private const uint Events = PollThread.In | PollThread.ReadHangUp | PollThread.OneShot;
    private readonly AsyncSignal _readable = new();
    private readonly Lock _gate = new();
    private readonly int _descriptor;
    private long _key;
    private bool _ended;

    /// <param name="handle">Stays the caller's, who disposes this first.</param>
    public Readability(SafeHandle handle) => _descriptor = (int)handle.DangerousGetHandle();

    /// <summary>
    /// Returns when there is something to read, the other side has ended, or this is disposed; now and then without a reason. One waits at a time.
    /// </summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_ended) return ValueTask.CompletedTask;
            if (_key == 0) _key = PollThread.Shared.Register(_descriptor, Events, this);
            else PollThread.Shared.Rearm(_descriptor, Events, _key);
        }

        return _readable.WaitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
            if (_key != 0) PollThread.Shared.Remove(_descriptor, _key);
        }

        _readable.Set();
    }

    void IPollHandler.Ready(uint events) => _readable.Set();
}
