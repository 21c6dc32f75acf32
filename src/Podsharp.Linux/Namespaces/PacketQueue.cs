using System.Buffers.Binary;

namespace Podsharp.Linux.Namespaces;

/// <summary>
/// Holds packets back without losing any: those that the firewall's target NFQUEUE sends to a queue wait in the kernel while it is told to hold, and go
/// on in their order afterwards. Else, and where 1024 wait already, they pass; with <c>--queue-bypass</c> also where nobody has opened the queue.
/// Acts on the network namespace it was opened in. Not for use by several threads at once.
/// </summary>
public sealed class PacketQueue : IDisposable
{
    private const int HeadLength = 20;
    private const ushort Configure = (3 << 8) | 2, JudgeMany = (3 << 8) | 3;
    private const ushort CommandOf = 1, CopyOf = 2, RoomOf = 3, MaskOf = 4, FlagsOf = 5, VerdictOf = 2;
    private const byte Bind = 1, OnlyFacts = 1;
    private const uint Accept = 1, Room = 1024, LetPassWhenFull = 1, AnyPacket = int.MaxValue;

    private readonly NetlinkSocket _socket;
    private readonly ushort _number;

    private PacketQueue(NetlinkSocket socket, ushort number) => (_socket, _number) = (socket, number);

    /// <returns>null: another has opened this queue, or the kernel has none or does not let us.</returns>
    public static PacketQueue? TryOpen(BridgeNamespace space, ushort number)
    {
        NetlinkSocket? socket = null;
        try
        {
            socket = space.OpenFirewall();
            // One message, for a queue that is not yet told how to copy drops what comes.
            byte[] start =
            [
                .. Attribute(CommandOf, [Bind, 0, 0, 0]), .. Attribute(CopyOf, [0, 0, 0, 0, OnlyFacts]), .. Attribute(RoomOf, Number(0)),
                .. Attribute(MaskOf, Number(LetPassWhenFull)), .. Attribute(FlagsOf, Number(LetPassWhenFull)),
            ];
            const ushort acknowledge = 4;
            socket.Send(Message(Configure, number, start, acknowledge), "opening a packet queue");
            var answer = socket.Receive(new byte[8192], "opening a packet queue");
            // The answer's head is followed by the error number.
            if (answer.Length < HeadLength || BinaryPrimitives.ReadInt32LittleEndian(answer[16..]) != 0) return null;
            var queue = new PacketQueue(socket, number);
            socket = null;
            return queue;
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    /// <exception cref="SystemCallException">The kernel has no memory for it.</exception>
    public void Hold() => _socket.Send(Message(Configure, _number, Attribute(RoomOf, Number(Room))), "holding packets");

    /// <inheritdoc cref="Hold"/>
    public void Release()
    {
        // Who comes from now on finds no room and passes; then those that wait.
        _socket.Send(
            [
                .. Message(Configure, _number, Attribute(RoomOf, Number(0))),
                .. Message(JudgeMany, _number, Attribute(VerdictOf, [.. Number(Accept), .. Number(AnyPacket)])),
            ],
            "letting packets go on");
        // What the kernel told of them would fill the socket in the end.
        var told = new byte[8192];
        while (_socket.TryReceive(told))
        {
        }
    }

    /// <summary>What is held then is dropped.</summary>
    public void Dispose() => _socket.Dispose();

    // nlmsghdr, then nfgenmsg with the queue's number in the network's byte order.
    private static byte[] Message(ushort type, ushort number, byte[] attributes, ushort flags = 0)
    {
        const ushort request = 1;
        var message = new byte[HeadLength + attributes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)(request | flags));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(18), number);
        attributes.CopyTo(message.AsSpan(HeadLength));
        return message;
    }

    // Length, type, value, padding to four bytes.
    private static byte[] Attribute(ushort type, byte[] value)
    {
        var attribute = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), type);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
