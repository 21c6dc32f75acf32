using System.Buffers.Binary;
using System.Net;

namespace Podsharp.Linux.Namespaces;

/// <summary>
/// The kernel's table of flows (nf_conntrack, by netlink). A translation is chosen with a flow's first packet and kept for all that follow: a flow that
/// must be judged by new firewall rules has to be forgotten. Acts on the thread's network namespace.
/// </summary>
public static class TrackedFlows
{
    private const int HeadLength = 20;
    private const ushort Get = (1 << 8) | 1, Delete = (1 << 8) | 2, Error = 2, Done = 3;
    private const ushort Original = 1, Reply = 2, Identity = 12, Zone = 18;

    /// <summary>Forgets those of one protocol that are chosen.</summary>
    /// <exception cref="SystemCallException">The kernel keeps no such table, or does not let us.</exception>
    public static void Forget(byte protocol, Func<TrackedFlow, bool> choose)
    {
        using var socket = new NetlinkSocket(NetlinkSocket.Netfilter);
        foreach (var message in Choose(socket, protocol, choose))
        {
            socket.Send(message, "forgetting a tracked flow");
            // What is gone already is told so, which is as well.
            socket.Receive(new byte[8192], "forgetting a tracked flow");
        }
    }

    private static List<byte[]> Choose(NetlinkSocket socket, byte protocol, Func<TrackedFlow, bool> choose)
    {
        const ushort dump = 0x300, acknowledge = 4;
        socket.Send(Message(Get, dump, family: 0, []), "asking for tracked flows");
        var (chosen, buffer) = (new List<byte[]>(), new byte[65536]);
        while (true)
        {
            for (var rest = socket.Receive(buffer, "reading tracked flows"); rest.Length >= HeadLength;)
            {
                var size = BinaryPrimitives.ReadInt32LittleEndian(rest);
                if (BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]) is Error or Done || size < HeadLength || size > rest.Length) return chosen;
                var attributes = rest[HeadLength..size];
                if (Read(attributes, protocol) is { } flow && choose(flow))
                    chosen.Add(Message(Delete, acknowledge, rest[16], [.. Whole(attributes, Original), .. Whole(attributes, Identity), .. Whole(attributes, Zone)]));
                rest = rest[Math.Min((size + 3) & ~3, rest.Length)..];
            }
        }
    }

    private static TrackedFlow? Read(ReadOnlySpan<byte> attributes, byte protocol)
    {
        const ushort protocolPart = 2, number = 1;
        var original = Value(attributes, Original);
        if (Value(Value(original, protocolPart), number) is not [var found] || found != protocol) return null;
        return To(original) is { } destination && From(Value(attributes, Reply)) is { } answering ? new TrackedFlow(found, destination, answering) : null;
    }

    private static IPEndPoint? From(ReadOnlySpan<byte> tuple) => EndPoint(tuple, address4: 1, address6: 3, port: 2);

    private static IPEndPoint? To(ReadOnlySpan<byte> tuple) => EndPoint(tuple, address4: 2, address6: 4, port: 3);

    private static IPEndPoint? EndPoint(ReadOnlySpan<byte> tuple, ushort address4, ushort address6, ushort port)
    {
        const ushort addressPart = 1, protocolPart = 2;
        var addresses = Value(tuple, addressPart);
        var address = Value(addresses, address4) is { Length: 4 } four ? four : Value(addresses, address6);
        var number = Value(Value(tuple, protocolPart), port);
        return address.Length is 4 or 16 && number.Length == 2 ? new IPEndPoint(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(number)) : null;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> attributes, ushort type)
    {
        var whole = Whole(attributes, type);
        return whole.Length == 0 ? whole : whole[4..BinaryPrimitives.ReadUInt16LittleEndian(whole)];
    }

    // Length, type with flags on top, value, padding to four bytes.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> attributes, ushort type)
    {
        const ushort kinds = 0x3fff;
        while (attributes.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length) break;
            var whole = attributes[..Math.Min((length + 3) & ~3, attributes.Length)];
            if ((BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & kinds) == type) return whole;
            attributes = attributes[whole.Length..];
        }

        return [];
    }

    private static byte[] Message(ushort type, ushort flags, byte family, byte[] attributes)
    {
        const ushort request = 1;
        var message = new byte[HeadLength + attributes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)(request | flags));
        message[16] = family;
        attributes.CopyTo(message.AsSpan(HeadLength));
        return message;
    }
}
