using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Processes;

/// <summary>memfd_create(2): the stdio of a short tool, read once the tool has ended. Unlike a pipe it never fills and nobody waits for it.</summary>
public static partial class MemoryFile
{
    private const uint CloseOnExec = 1;
    private const int FromStart = 0;

    public static SafeFileHandle Create(string name)
    {
        var descriptor = Native.memfd_create(name, CloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw SystemCallException.Last("memfd_create");
    }

    public static SafeFileHandle Create(string name, ReadOnlySpan<byte> content)
    {
        var file = Create(name);
        RandomAccess.Write(file, content, 0);
        return file;
    }

    public static byte[] ReadAll(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        if (length == 0) return [];
        var content = new byte[length];
        var read = RandomAccess.Read(file, content, 0);
        return read == length ? content : content[..read];
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int memfd_create(string name, uint flags);
    }
}
