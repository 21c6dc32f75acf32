using Podsharp.Linux.Polling;
using Podsharp.Linux.Watch;

namespace Podsharp.Drivers.Logs;

/// <summary>Waits until a log may have grown, was replaced, or will not grow any more.</summary>
internal sealed class LogChanges : IDisposable
{
    private readonly Inotify _watches;
    private readonly string _path;
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly IDisposable? _directory;
    private IDisposable? _file;

    public LogChanges(Inotify watches, string path, Task ended)
    {
        _watches = watches;
        _path = path;
        _directory = watches.Add(Path.GetDirectoryName(path)!, WatchEvents.MovedIn | WatchEvents.Created, _signal.Set);
        _ = ended.ContinueWith(
            static (_, signal) => ((AsyncSignal)signal!).Set(), _signal, _disposed.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Watches the file that now has the name. Call before reading it.</summary>
    public void Renew()
    {
        var former = _file;
        _file = _watches.Add(_path, WatchEvents.Modified | WatchEvents.SelfMoved | WatchEvents.SelfDeleted, _signal.Set);
        former?.Dispose();
    }

    public ValueTask WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
        _file?.Dispose();
        _directory?.Dispose();
    }
}
