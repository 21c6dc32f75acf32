using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Sockets;

/// <summary>Unix sockets that the framework cannot make: packet sockets, paths of any length, descriptors received.</summary>
public static unsafe partial class LocalSocket
{
    private const int FamilyUnix = 1;
    private const int StreamType = 1;
    private const int PacketType = 5;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int PathOnly = 0x200000;
    private const int LongestPath = 107;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int MessageCloseOnExec = 0x40000000;

    /// <summary>Connects to a SOCK_SEQPACKET socket.</summary>
    public static SafeFileHandle ConnectPackets(string path)
    {
        var socket = Create(PacketType);
        try
        {
            WithAddress(path, (address, length) =>
            {
                if (Native.connect((int)socket.DangerousGetHandle(), (byte*)address, length) < 0)
                    throw SystemCallException.Last($"connect {path}");
            });
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A listening, non-blocking stream socket; the path must be at most 107 bytes long.</summary>
    public static SafeFileHandle ListenStream(string path)
    {
        var socket = Create(StreamType | NonBlocking);
        try
        {
            WithAddress(path, (address, length) =>
            {
                var descriptor = (int)socket.DangerousGetHandle();
                if (Native.bind(descriptor, (byte*)address, length) < 0) throw SystemCallException.Last($"bind {path}");
                if (Native.listen(descriptor, 8) < 0) throw SystemCallException.Last($"listen {path}");
            });
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null when nobody is connecting now.</summary>
    public static SafeFileHandle? TryAccept(int listener)
    {
        var descriptor = Native.accept4(listener, null, null, CloseOnExec | NonBlocking);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        return error is ErrorNumber.Again or ErrorNumber.Interrupted ? null : throw new SystemCallException("accept", error);
    }

    /// <summary>The descriptor that came with the next message (SCM_RIGHTS); null when no message is there or none came with it.</summary>
    public static SafeFileHandle? TryReceiveDescriptor(int socket)
    {
        var data = stackalloc byte[4096];
        var control = stackalloc long[8];
        var vector = stackalloc nint[2] { (nint)data, 4096 };
        // struct msghdr of 64-bit Linux; struct cmsghdr: length, level, type, data.
        var header = stackalloc nint[7] { 0, 0, (nint)vector, 1, (nint)control, 64, 0 };
        var count = Native.recvmsg(socket, (byte*)header, MessageCloseOnExec);
        if (count < 0 || header[5] < 20) return null;
        var kind = (int*)(control + 1);
        return kind[0] == SocketLevel && kind[1] == Rights ? new SafeFileHandle(kind[2], ownsHandle: true) : null;
    }

    private static SafeFileHandle Create(int type)
    {
        var descriptor = Native.socket(FamilyUnix, type | CloseOnExec, 0);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw SystemCallException.Last("socket");
    }

    private static void WithAddress(string path, Action<nint, int> use)
    {
        using var directory = Encoding.UTF8.GetByteCount(path) > LongestPath ? OpenDirectory(path) : null;
        if (directory is not null) path = $"/proc/self/fd/{(int)directory.DangerousGetHandle()}/{Path.GetFileName(path)}";

        var address = stackalloc byte[110];
        *(ushort*)address = FamilyUnix;
        var length = Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, LongestPath));
        address[2 + length] = 0;
        use((nint)address, length + 3);
    }

    private static SafeFileHandle OpenDirectory(string path)
    {
        var descriptor = Native.open(Path.GetDirectoryName(path)!, PathOnly | CloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw SystemCallException.Last($"open {Path.GetDirectoryName(path)}");
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int socket(int family, int type, int protocol);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int connect(int socket, byte* address, int length);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int bind(int socket, byte* address, int length);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int listen(int socket, int backlog);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int accept4(int socket, byte* address, int* length, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint recvmsg(int socket, byte* header, int flags);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int open(string path, int flags);
    }
}
