using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Files;

/// <summary>Small files that the kernel writes when they are read: those of proc(5) and of control groups.</summary>
public static unsafe class KernelFile
{
    private const int FirstRoom = 8 << 10;

    /// <summary>
    /// The whole text; null where there is none to be had. That is no failure: who measures asks for much that a machine lacks, and an
    /// exception costs more than ten reads.
    /// </summary>
    public static string? TryRead(string path)
    {
        var descriptor = FileCalls.openat(FileCalls.WorkingDirectory, path, FileFlags.CloseOnExec, 0);
        if (descriptor < 0) return null;
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRoom);
        try
        {
            for (var filled = 0; ;)
            {
                if (filled == buffer.Length) buffer = Grown(buffer);
                var length = Read(file, buffer.AsSpan(filled));
                if (length < 0) return null;
                if (length == 0) return Encoding.UTF8.GetString(buffer, 0, filled);
                filled += length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grown(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static int Read(SafeFileHandle file, Span<byte> room)
    {
        fixed (byte* start = room)
        {
            while (true)
            {
                var length = FileCalls.read(file, start, room.Length);
                if (length >= 0 || Marshal.GetLastPInvokeError() != ErrorNumber.Interrupted) return (int)length;
            }
        }
    }
}
