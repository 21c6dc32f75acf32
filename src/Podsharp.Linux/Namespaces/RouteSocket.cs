using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Namespaces;

/// <summary>rtnetlink(7), as much of it as veth pairs need. Acts on the namespace it was opened in, whatever thread uses it.</summary>
internal sealed partial class RouteSocket : IDisposable
{
    private const ushort NewLink = 16;
    private const ushort Request = 1, Acknowledge = 4, Exclusive = 0x200, Create = 0x400;
    private const ushort AttributeName = 3, AttributeMaster = 10, AttributeLinkInfo = 18, AttributeNamespaceDescriptor = 28;
    private const ushort InfoKind = 1, InfoData = 2, VethPeer = 1;

    private readonly SafeFileHandle _socket;

    public RouteSocket()
    {
        const int family = 16, raw = 3, closeOnExec = 0x80000, route = 0;
        _socket = new SafeFileHandle(Native.socket(family, raw | closeOnExec, route), ownsHandle: true);
        if (_socket.IsInvalid) throw SystemCallException.Last("socket(AF_NETLINK)");
    }

    /// <summary>Makes a pair with one end here and the peer in another namespace, both down.</summary>
    public void AddVethPair(string name, string peerName, SafeFileHandle peerNamespace)
    {
        var message = new RouteMessage(NewLink, Request | Acknowledge | Exclusive | Create);
        message.AddInterfaceInfo();
        message.AddText(AttributeName, name);
        using (message.Nest(AttributeLinkInfo))
        {
            message.AddText(InfoKind, "veth");
            using (message.Nest(InfoData))
            using (message.Nest(VethPeer))
            {
                message.AddInterfaceInfo();
                message.AddText(AttributeName, peerName);
                message.AddNumber(AttributeNamespaceDescriptor, (uint)peerNamespace.DangerousGetHandle());
            }
        }

        Send(message, $"making the veth pair {name}, {peerName}");
    }

    /// <summary>Makes an interface a port of a bridge.</summary>
    public void SetMaster(string name, uint bridge)
    {
        var message = new RouteMessage(NewLink, Request | Acknowledge);
        message.AddInterfaceInfo();
        message.AddText(AttributeName, name);
        message.AddNumber(AttributeMaster, bridge);
        Send(message, $"making {name} a bridge port");
    }

    public void Dispose() => _socket.Dispose();

    private void Send(RouteMessage message, string what)
    {
        var descriptor = (int)_socket.DangerousGetHandle();
        var bytes = message.ToBytes();
        if (Native.send(descriptor, bytes, bytes.Length, 0) < 0) throw SystemCallException.Last(what);

        // The answer is one error message: header (16 bytes), then the negative error number, 0 for success.
        var answer = new byte[4096];
        var length = Native.recv(descriptor, answer, answer.Length, 0);
        if (length < 0) throw SystemCallException.Last(what);
        var error = length >= 20 ? -BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(16)) : ErrorNumber.InputOutput;
        if (error != 0) throw new SystemCallException(what, error);
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int socket(int family, int type, int protocol);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint send(int descriptor, [In] byte[] buffer, nint length, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint recv(int descriptor, [Out] byte[] buffer, nint length, int flags);
    }
}
