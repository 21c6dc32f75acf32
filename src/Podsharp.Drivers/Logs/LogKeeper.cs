using Podsharp.Linux.Watch;

namespace Podsharp.Drivers.Logs;

/// <summary>Keeps the older files of one running container's log.</summary>
internal sealed class LogKeeper : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly int _files;
    private readonly bool _compress;
    private readonly IDisposable? _watch;
    private int _compressing;
    private volatile bool _ended;

    public LogKeeper(Inotify watches, string path, int files, bool compress)
    {
        (_path, _files, _compress) = (path, files, compress);
        // Not on the watcher's thread: taking away a large file may last.
        _watch = watches.Add(
            Path.GetDirectoryName(path)!,
            WatchEvents.MovedIn | WatchEvents.Created,
            () => ThreadPool.UnsafeQueueUserWorkItem(static keeper => keeper.Keep(), this, preferLocal: false));
        Keep();
    }

    public void Dispose()
    {
        _ended = true;
        _watch?.Dispose();
    }

    private void Keep()
    {
        try
        {
            lock (_lock) LogParts.Keep(_path, _files);
            if (_compress) Compress();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Linux.SystemCallException)
        {
            // The disk is full or the container is being removed: an older file less, and the next rotation tries again.
        }
    }

    // Without the lock: meanwhile the next file may need its link.
    private void Compress()
    {
        while (!_ended && Older() is { } part && Interlocked.Exchange(ref _compressing, 1) == 0)
        {
            try
            {
                LogCompression.Compress(part);
                // It may have become one too many.
                lock (_lock) LogParts.Keep(_path, _files);
            }
            finally
            {
                Volatile.Write(ref _compressing, 0);
            }
        }
    }

    private LogPart? Older()
    {
        foreach (var part in LogParts.Of(_path).SkipLast(1))
            if (!part.Compressed) return part;
        return null;
    }
}
