using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;

namespace Podsharp.Storage;

/// <summary>The right to write a store: flock(2) on its lock file, held until disposed or the process ends, kill -9 included.</summary>
public sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private readonly SafeFileHandle _file;

    private StoreLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="socket">Where this service is reached; others name it when they are refused.</param>
    /// <param name="holder">When refused: "pid 12 at unix:///…", or "" when the holder has not written yet.</param>
    /// <returns>Null when another process holds it.</returns>
    public static StoreLock? TryAcquire(StorePaths paths, string socket, out string holder)
    {
        Directory.CreateDirectory(paths.Root);
        var file = FileHandles.Open(paths.LockFile, FileFlags.ReadWrite | FileFlags.Create, 0b110_000_000);
        if (!FileHandles.TryLock(file))
        {
            holder = Describe(file);
            file.Dispose();
            return null;
        }

        holder = "";
        FileHandles.SetLength(file, 0);
        FileHandles.Write(file, Encoding.UTF8.GetBytes($"{Environment.ProcessId} {socket}\n"));
        return new StoreLock(file);
    }

    /// <summary>Waits for the lock; null when it is not free within the time.</summary>
    public static async Task<StoreLock?> AcquireAsync(StorePaths paths, string socket, TimeSpan patience, CancellationToken cancellationToken)
    {
        var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            if (TryAcquire(paths, socket, out _) is { } taken) return taken;
            if (Environment.TickCount64 >= end) return null;
            await Task.Delay(LookAgain, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Describe(SafeFileHandle file)
    {
        Span<byte> content = stackalloc byte[512];
        var text = Encoding.UTF8.GetString(content[..RandomAccess.Read(file, content, 0)]).Trim();
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? text : $"pid {text[..space]} at {text[(space + 1)..]}";
    }
}
