using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Terminals;

/// <summary>Pseudo terminals: pty(7).</summary>
public static unsafe partial class PseudoTerminal
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int CloseOnExec = 0x80000;
    private const nuint SetWindowSize = 0x5414;
    private const nuint Unlock = 0x40045431;
    private const nuint OpenPeer = 0x5441;

    /// <summary>A new pair; the caller owns both ends.</summary>
    public static (SafeFileHandle Master, SafeFileHandle Slave) Open()
    {
        var descriptor = Native.open("/dev/ptmx", ReadWrite | NoControllingTerminal | CloseOnExec);
        if (descriptor < 0) throw SystemCallException.Last("open /dev/ptmx");
        var master = new SafeFileHandle(descriptor, ownsHandle: true);
        var locked = 0;
        if (Native.ioctl(descriptor, Unlock, (nint)(&locked)) == 0)
        {
            var slave = Native.ioctl(descriptor, OpenPeer, ReadWrite | NoControllingTerminal | CloseOnExec);
            if (slave >= 0) return (master, new SafeFileHandle(slave, ownsHandle: true));
        }

        var failure = SystemCallException.Last("open pty peer");
        master.Dispose();
        throw failure;
    }

    /// <summary>No error when the terminal is gone.</summary>
    public static void Resize(int terminal, int rows, int columns)
    {
        var size = stackalloc ushort[4] { (ushort)rows, (ushort)columns, 0, 0 };
        _ = Native.ioctl(terminal, SetWindowSize, (nint)size);
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int open(string path, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int ioctl(int descriptor, nuint request, nint argument);
    }
}
