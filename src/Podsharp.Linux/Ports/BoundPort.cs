using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Ports;

/// <summary>
/// A host port held by a socket that is bound but never listens: no other program can take the port, and no packet is answered
/// here (connections are refused as if nobody held it).
/// </summary>
public sealed partial class BoundPort : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int SocketLevel = 1, ReuseAddress = 2, ReceiveBuffer = 8;
    private const int IPv6Level = 41, IPv6Only = 26;

    private readonly SafeFileHandle _socket;

    private BoundPort(SafeFileHandle socket, ushort port)
    {
        _socket = socket;
        Port = port;
    }

    public ushort Port { get; }

    /// <summary>Binds; port 0 takes any free one. <see cref="SystemCallException"/> with the kernel's reason (EADDRINUSE …).</summary>
    public static BoundPort Bind(IPAddress address, ushort port, bool datagram)
    {
        var family = address.AddressFamily == AddressFamily.InterNetworkV6 ? 10 : 2;
        var socket = new SafeFileHandle(Native.socket(family, (datagram ? 2 : 1) | CloseOnExec, 0), ownsHandle: true);
        try
        {
            if (socket.IsInvalid) throw SystemCallException.Last("socket");
            if (family == 10) Set(socket, IPv6Level, IPv6Only, 1);
            if (datagram) Set(socket, SocketLevel, ReceiveBuffer, 0);
            BindSocket(socket, Encode(address, port), datagram, $"bind {new IPEndPoint(address, port)}");
            return new BoundPort(socket, port != 0 ? port : PortOf(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();

    // Without SO_REUSEADDR first: then nobody else can bind, even with it. But old connections in TIME_WAIT forbid that, and do no
    // harm: a second try shares the port with those, never with a listener.
    private static void BindSocket(SafeFileHandle socket, byte[] address, bool datagram, string what)
    {
        if (Native.bind(Descriptor(socket), address, address.Length) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        if (error != ErrorNumber.AddressInUse || datagram) throw new SystemCallException(what, error);
        Set(socket, SocketLevel, ReuseAddress, 1);
        if (Native.bind(Descriptor(socket), address, address.Length) != 0) throw SystemCallException.Last(what);
        Set(socket, SocketLevel, ReuseAddress, 0);
    }

    private static void Set(SafeFileHandle socket, int level, int option, int value)
    {
        if (Native.setsockopt(Descriptor(socket), level, option, in value, sizeof(int)) != 0) throw SystemCallException.Last("setsockopt");
    }

    private static ushort PortOf(SafeFileHandle socket)
    {
        var address = new byte[28];
        var length = address.Length;
        return Native.getsockname(Descriptor(socket), address, ref length) == 0
            ? BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(2))
            : throw SystemCallException.Last("getsockname");
    }

    // sockaddr_in: family, port, address. sockaddr_in6: family, port, flow, address, scope.
    private static byte[] Encode(IPAddress address, ushort port)
    {
        var six = address.AddressFamily == AddressFamily.InterNetworkV6;
        var bytes = new byte[six ? 28 : 16];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(six ? 10 : 2));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), port);
        address.TryWriteBytes(bytes.AsSpan(six ? 8 : 4), out _);
        if (six) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), (uint)address.ScopeId);
        return bytes;
    }

    private static int Descriptor(SafeFileHandle socket) => (int)socket.DangerousGetHandle();

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int socket(int family, int type, int protocol);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int bind(int descriptor, [In] byte[] address, int length);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int setsockopt(int descriptor, int level, int option, in int value, int length);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int getsockname(int descriptor, [Out] byte[] address, ref int length);
    }
}
