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
    private bool _ended;

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

    /// <summary>From then on it makes no file any more, as the container's directory may be removed.</summary>
    public void Dispose()
    {
        _watch?.Dispose();
        lock (_lock) _ended = true;
    }

    private void Keep()
    {
        try
        {
            KeepParts();
            if (_compress) CompressParts();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Linux.SystemCallException)
        {
            // The disk is full or the container is being removed: an older file less, and the next rotation tries again.
        }
    }

    private void KeepParts()
    {
        lock (_lock)
        {
            if (!_ended) LogParts.Keep(_path, _files);
        }
    }

    private void CompressParts()
    {
        while (Older() is { } part && Interlocked.Exchange(ref _compressing, 1) == 0)
        {
            try
            {
                if (!Compress(part)) return;
                // It may have become one too many.
                KeepParts();
            }
            finally
            {
                Volatile.Write(ref _compressing, 0);
            }
        }
    }

    /// <summary>False when the container has ended before.</summary>
    private bool Compress(LogPart part)
    {
        LogCompression compression;
        lock (_lock)
        {
            if (_ended) return false;
            compression = new LogCompression(part);
        }

        using (compression)
        {
            // Without the lock: meanwhile the next file may need its link.
            compression.Run();
            lock (_lock)
            {
                if (!_ended) compression.Complete();
                return !_ended;
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
