using System.Buffers.Binary;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Namespaces;

/// <summary>rtnetlink(7), as much of it as veth pairs with an IPv4 address need. Acts on the namespace it was opened in, whatever thread uses it.</summary>
internal sealed class RouteSocket : IDisposable
{
    private const ushort NewLink = 16, DeleteLink = 17, GetLink = 18, SetLink = 19, NewAddress = 20, NewRoute = 24, NewNeighbour = 28;
    private const ushort Request = 1, Acknowledge = 4, Replace = 0x100, Exclusive = 0x200, Create = 0x400;
    private const byte BridgeFamily = 7;
    private const ushort Nested = 0x8000, AttributePeer = 5, AttributePort = 12, PortHairpin = 4;
    private const ushort AttributeAddress = 1, AttributeName = 3, AttributeMtu = 4, AttributeMaster = 10, AttributeOperationalState = 16, AttributeLinkInfo = 18, AttributeNamespaceDescriptor = 28;
    private const ushort InfoKind = 1, InfoData = 2, VethPeer = 1;

    private const uint Up = 1;

    private readonly NetlinkSocket _socket = new(NetlinkSocket.Route);

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

    /// <param name="address">Six bytes.</param>
    public void SetAddress(uint index, ReadOnlySpan<byte> address)
    {
        var message = new RouteMessage(SetLink, Request | Acknowledge);
        message.AddInterfaceInfo(0, index);
        message.AddBytes(AttributeAddress, address);
        Send(message, $"setting the address of interface {index}");
    }

    /// <summary>Lets a bridge send what came by this port out by it again.</summary>
    public void SetHairpin(uint port)
    {
        var message = new RouteMessage(SetLink, Request | Acknowledge);
        message.AddInterfaceInfo(BridgeFamily, port);
        using (message.Nest(AttributePort | Nested)) message.AddByte(PortHairpin, 1);
        Send(message, $"setting bridge port {port}");
    }

    /// <summary>Tells a bridge at which of its ports a hardware address is.</summary>
    /// <param name="held">It stays there, whatever comes by other ports. Kernels before 5.0 do not know of it.</param>
    public void PointAddress(uint port, string macAddress, bool held)
    {
        const ushort linkAddress = 2;
        var message = new RouteMessage(NewNeighbour, Request | Acknowledge | Create | Replace);
        message.AddForwardInfo(port, held);
        message.AddBytes(linkAddress, Hardware(macAddress));
        Send(message, $"telling a bridge where {macAddress} is");
    }

    /// <summary>The index, in its own namespace, of a veth's other end.</summary>
    public uint PeerOf(string name)
    {
        var message = new RouteMessage(GetLink, Request);
        message.AddInterfaceInfo();
        message.AddText(AttributeName, name);
        var peer = Find(message, AttributePeer, $"looking for {name}");
        return peer.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(peer) : throw new SystemCallException($"looking for the other end of {name}", ErrorNumber.NoEntry);
    }

    /// <summary>Whether an interface passes packets, and as a bridge's port also takes part in the bridge (IF_OPER_UP of RFC 2863).</summary>
    public bool IsUp(uint index)
    {
        const byte up = 6;
        var message = new RouteMessage(GetLink, Request);
        message.AddInterfaceInfo(0, index);
        var state = Find(message, AttributeOperationalState, $"looking for interface {index}");
        return state.Length >= 1 && state[0] == up;
    }

    /// <summary>Makes a veth pair with an end here, up and a port of the bridge, under a name of the kernel's choice, and the other in another namespace, down.</summary>
    public void AddBridgePort(uint bridge, uint mtu, string name, string macAddress, SafeFileHandle space)
    {
        var message = new RouteMessage(NewLink, Request | Acknowledge | Exclusive | Create);
        message.AddInterfaceFlags(0, Up);
        message.AddNumber(AttributeMtu, mtu);
        message.AddNumber(AttributeMaster, bridge);
        using (message.Nest(AttributeLinkInfo))
        {
            message.AddText(InfoKind, "veth");
            using (message.Nest(InfoData))
            using (message.Nest(VethPeer))
            {
                message.AddInterfaceInfo();
                message.AddText(AttributeName, name);
                message.AddNumber(AttributeMtu, mtu);
                message.AddBytes(AttributeAddress, Hardware(macAddress));
                message.AddNumber(AttributeNamespaceDescriptor, (uint)space.DangerousGetHandle());
            }
        }

        Send(message, $"making {name} a port of a bridge");
    }

    public void AddAddress(uint link, IPAddress address, int prefixLength)
    {
        const ushort any = 1, local = 2, broadcast = 4;
        var bytes = address.GetAddressBytes();
        var message = new RouteMessage(NewAddress, Request | Acknowledge | Exclusive | Create);
        message.AddAddressInfo((byte)prefixLength, link);
        message.AddBytes(any, bytes);
        message.AddBytes(local, bytes);
        var host = prefixLength == 32 ? 0 : uint.MaxValue >> prefixLength;
        var last = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(last, BinaryPrimitives.ReadUInt32BigEndian(bytes) | host);
        message.AddBytes(broadcast, last);
        Send(message, $"giving an interface the address {address}");
    }

    public void RaiseLink(uint link)
    {
        var message = new RouteMessage(NewLink, Request | Acknowledge);
        message.AddInterfaceFlags(link, Up);
        Send(message, "bringing an interface up");
    }

    public void AddDefaultRoute(IPAddress gateway, uint metric)
    {
        const ushort via = 5, priority = 6;
        var message = new RouteMessage(NewRoute, Request | Acknowledge | Create);
        message.AddRouteInfo();
        message.AddBytes(via, gateway.GetAddressBytes());
        message.AddNumber(priority, metric);
        Send(message, $"setting the default route by {gateway}");
    }

    /// <summary>No error when it is gone.</summary>
    public void RemoveLink(string name)
    {
        var message = new RouteMessage(DeleteLink, Request | Acknowledge);
        message.AddInterfaceInfo();
        message.AddText(AttributeName, name);
        try
        {
            Send(message, $"removing {name}");
        }
        catch (SystemCallException exception) when (exception.ErrorNumber == ErrorNumber.NoDevice)
        {
        }
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Hardware(string macAddress) => Convert.FromHexString(macAddress.Replace(":", "", StringComparison.Ordinal));

    /// <returns>The attribute's value in what is told of a link; empty: the link is not there, or has none.</returns>
    private ReadOnlySpan<byte> Find(RouteMessage question, ushort attribute, string what)
    {
        const int messageHead = 16, interfaceInfo = 16, attributeHead = 4;
        var answer = Exchange(question, what);
        if (BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) != NewLink) return [];
        for (var rest = answer[(messageHead + interfaceInfo)..]; rest.Length >= attributeHead;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length < attributeHead || length > rest.Length) break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) == attribute) return rest[attributeHead..length];
            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        }

        return [];
    }

    private void Send(RouteMessage message, string what)
    {
        // The answer is one error message: header (16 bytes), then the negative error number, 0 for success.
        var answer = Exchange(message, what);
        var error = answer.Length >= 20 ? -BinaryPrimitives.ReadInt32LittleEndian(answer[16..]) : ErrorNumber.InputOutput;
        if (error != 0) throw new SystemCallException(what, error);
    }

    private ReadOnlySpan<byte> Exchange(RouteMessage message, string what)
    {
        _socket.Send(message.ToBytes(), what);
        return _socket.Receive(new byte[16384], what);
    }
}
