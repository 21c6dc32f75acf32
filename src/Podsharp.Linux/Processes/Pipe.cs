using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Processes;

/// <summary>Both ends of a pipe, close-on-exec.</summary>
public sealed partial class Pipe : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int SetSize = 1031;

    private Pipe(SafeFileHandle reader, SafeFileHandle writer)
    {
        Reader = reader;
        Writer = writer;
    }

    public SafeFileHandle Reader { get; }

    public SafeFileHandle Writer { get; }

    /// <param name="size">Bytes that it holds; 0: the kernel's default. A wish: the kernel may refuse.</param>
    public static unsafe Pipe Create(int size = 0)
    {
        var ends = stackalloc int[2];
        if (Native.pipe2(ends, CloseOnExec) < 0) throw SystemCallException.Last("pipe2");
        if (size > 0) _ = Native.fcntl(ends[1], SetSize, size);
        return new Pipe(new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    private static unsafe partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int pipe2(int* ends, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int fcntl(int descriptor, int command, int argument);
    }
}
