using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Namespaces;

/// <summary>netlink(7): whole messages to the kernel and back. Acts on the namespace it was opened in, whatever thread uses it.</summary>
internal sealed partial class NetlinkSocket : IDisposable
{
    public const int Route = 0, Netfilter = 12;

    private readonly SafeFileHandle _socket;

    /// <param name="family"><see cref="Route"/> or <see cref="Netfilter"/>.</param>
    public NetlinkSocket(int family)
    {
        const int netlink = 16, raw = 3, closeOnExec = 0x80000;
        _socket = new SafeFileHandle(Native.socket(netlink, raw | closeOnExec, family), ownsHandle: true);
        if (_socket.IsInvalid) throw SystemCallException.Last("socket(AF_NETLINK)");
    }

    /// <param name="what">What is asked for, for the error's text.</param>
    public void Send(byte[] message, string what)
    {
        if (Native.send(_socket, message, message.Length, 0) < 0) throw SystemCallException.Last(what);
    }

    /// <returns>The part of the buffer that was filled.</returns>
    public Span<byte> Receive(byte[] buffer, string what)
    {
        var length = Native.recv(_socket, buffer, buffer.Length, 0);
        return length >= 0 ? buffer.AsSpan(0, (int)length) : throw SystemCallException.Last(what);
    }

    /// <returns>false: nothing is there to be received.</returns>
    public bool TryReceive(byte[] buffer)
    {
        const int dontWait = 0x40;
        // What did not find room in the socket is told once, as an error; what did is still there.
        return Native.recv(_socket, buffer, buffer.Length, dontWait) >= 0 || Marshal.GetLastPInvokeError() == ErrorNumber.NoBufferSpace;
    }

    public void Dispose() => _socket.Dispose();

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int socket(int family, int type, int protocol);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint send(SafeFileHandle descriptor, [In] byte[] buffer, nint length, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint recv(SafeFileHandle descriptor, [Out] byte[] buffer, nint length, int flags);
    }
}
