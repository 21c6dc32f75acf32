using Microsoft.Extensions.Logging;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Roots;

/// <summary>The directory of half-made things. Whatever lies there when a service starts belongs to nobody.</summary>
internal sealed partial class Staging(StorePaths paths, ILogger log)
{
    private long _counter;

    /// <summary>Of the disk on which all that is staged lies.</summary>
    public DiskRoom Room { get; } = new(paths.Root);

    /// <summary>A path that nothing uses yet, on the store's file system.</summary>
    public string NewPath() => Path.Join(paths.Staging, $"{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}-{Random.Shared.Next():x8}");

    public string NewDirectory()
    {
        var path = NewPath();
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Moves a tree out of its place at once, and then removes it; no error when it is gone.</summary>
    public Task DiscardAsync(string path)
    {
        var doomed = NewPath();
        try
        {
            Directory.Move(path, doomed);
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }

        return Task.Run(() => Remove(doomed));
    }

    /// <summary>Removes what a killed service left. Things of this process are made later and have other names.</summary>
    public Task EmptyAsync()
    {
        var left = Directory.GetFileSystemEntries(paths.Staging);
        return left.Length == 0 ? Task.CompletedTask : Task.Run(() => Array.ForEach(left, Remove));
    }

    /// <summary>Never fails: what stays is removed at the next start.</summary>
    public void Remove(string path)
    {
        try
        {
            FileTree.Remove(path);
        }
        catch (IOException e)
        {
            Log.Left(log, path, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Path} could not be removed and will be tried again at the next start: {Reason}")]
        public static partial void Left(ILogger logger, string path, string reason);
    }
}
