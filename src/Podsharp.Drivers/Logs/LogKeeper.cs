using Podsharp.Linux.Watch;

namespace Podsharp.Drivers.Logs;

/// <summary>Keeps the older files of one running container's log.</summary>
internal sealed class LogKeeper : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly int _files;
    private readonly IDisposable? _watch;

    public LogKeeper(Inotify watches, string path, int files)
    {
        (_path, _files) = (path, files);
        // Not on the watcher's thread: taking away a large file may last.
        _watch = watches.Add(
            Path.GetDirectoryName(path)!,
            WatchEvents.MovedIn | WatchEvents.Created,
            () => ThreadPool.UnsafeQueueUserWorkItem(static keeper => keeper.Keep(), this, preferLocal: false));
        Keep();
    }

    public void Dispose() => _watch?.Dispose();

    private void Keep()
    {
        lock (_lock)
        {
            try
            {
                LogParts.Keep(_path, _files);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Linux.SystemCallException)
            {
                // The disk is full or the container is being removed: an older file less, and the next rotation tries again.
            }
        }
    }
}
