using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Files;

namespace Podsharp.Drivers.Logs;

/// <summary>Puts what gzip makes of a part of a log, one that is written no more, in its place.</summary>
internal sealed class LogCompression(LogPart part) : IDisposable
{
    public const string Ending = ".gz";

    private const int BlockSize = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _unfinished = new(
        part.Path + Ending + ".tmp", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
    private bool _completed;

    public void Run()
    {
        using var from = File.OpenRead(part.Path);
        using (var gzip = new GZipStream(_unfinished, CompressionLevel.Fastest, leaveOpen: true)) from.CopyTo(gzip);
        // What it replaces goes for good.
        _unfinished.Flush(flushToDisk: true);
    }

    public void Complete()
    {
        File.Move(_unfinished.Name, part.Path + Ending, overwrite: true);
        _completed = true;
        File.Delete(part.Path);
    }

    /// <summary>Leaves the part as it is, where it was not completed.</summary>
    public void Dispose()
    {
        _unfinished.Dispose();
        if (!_completed) File.Delete(_unfinished.Name);
    }

    /// <summary>The content of a compressed file, in one without a name, so that it can be read from its end too. InvalidData where it is damaged.</summary>
    public static SafeFileHandle Decompress(SafeFileHandle file, string directory)
    {
        var content = FileHandles.Open(directory, FileFlags.Unnamed | FileFlags.ReadWrite, (int)OwnerOnly);
        try
        {
            using var borrowed = new SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false);
            using var gzip = new GZipStream(new FileStream(borrowed, FileAccess.Read), CompressionMode.Decompress);
            var block = new byte[BlockSize];
            var position = 0L;
            for (int read; (read = gzip.Read(block)) > 0; position += read) RandomAccess.Write(content, block.AsSpan(0, read), position);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}
