using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Files;

namespace Podsharp.Drivers.Logs;

/// <summary>Parts of a log that are written no more, as gzip makes them smaller.</summary>
internal static class LogCompression
{
    public const string Ending = ".gz";

    private const int BlockSize = 64 * 1024;
    private const int OwnerOnly = 0x180;

    /// <summary>Puts what it is compressed to in the place of a part; a failure leaves it as it is.</summary>
    public static void Compress(LogPart part)
    {
        var target = part.Path + Ending;
        var unfinished = target + ".tmp";
        try
        {
            using (var from = File.OpenRead(part.Path))
            using (var to = File.Create(unfinished))
            {
                using (var gzip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true)) from.CopyTo(gzip);
                // What it replaces goes for good.
                to.Flush(flushToDisk: true);
            }

            File.Move(unfinished, target, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        File.Delete(part.Path);
    }

    /// <summary>The content of a compressed file, in one without a name, so that it can be read from its end too. InvalidData where it is damaged.</summary>
    public static SafeFileHandle Decompress(SafeFileHandle file, string directory)
    {
        var content = FileHandles.Open(directory, FileFlags.Unnamed | FileFlags.ReadWrite, OwnerOnly);
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
