using System.Buffers.Binary;
using System.Text;

namespace Podsharp.Linux.Namespaces;

/// <summary>Looks into the kernel's firewall (nf_tables) without any program.</summary>
public static class FirewallChains
{
    private const int HeadLength = 16;
    private const ushort GetRule = (10 << 8) | 7;
    private const ushort Error = 2, Done = 3;

    /// <summary>The IPv4 rules of a chain, as the kernel writes them, one after the other; empty where there is no such chain.</summary>
    public static byte[] Read(BridgeNamespace space, string table, string chain)
    {
        using var socket = space.OpenFirewall();
        socket.Send(Question(table, chain), "asking for firewall rules");

        using var rules = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            for (var rest = socket.Receive(buffer, "reading firewall rules"); rest.Length >= HeadLength;)
            {
                var size = BinaryPrimitives.ReadInt32LittleEndian(rest);
                if (BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]) is Error or Done || size < HeadLength || size > rest.Length) return rules.ToArray();
                rules.Write(rest[HeadLength..size]);
                rest = rest[Math.Min((size + 3) & ~3, rest.Length)..];
            }
        }
    }

    /// <summary>Some IPv4 rule of the chain holds these bytes: an address, or a name with the zero that ends it.</summary>
    public static bool Mentions(BridgeNamespace space, string table, string chain, ReadOnlySpan<byte> bytes) => Read(space, table, chain).AsSpan().IndexOf(bytes) >= 0;

    private static byte[] Question(string table, string chain)
    {
        const ushort request = 1, dump = 0x300, tableName = 1, chainName = 2;
        const byte addressFamily = 2;
        var message = new byte[HeadLength + 4 + Size(table) + Size(chain)];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), GetRule);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), request | dump);
        message[HeadLength] = addressFamily;
        Write(message.AsSpan(HeadLength + 4), tableName, table);
        Write(message.AsSpan(HeadLength + 4 + Size(table)), chainName, chain);
        return message;
    }

    // An attribute: length, type, text with its zero, padding to four bytes.
    private static int Size(string text) => (4 + text.Length + 1 + 3) & ~3;

    private static void Write(Span<byte> attribute, ushort type, string text)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + text.Length + 1));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], type);
        Encoding.ASCII.GetBytes(text, attribute[4..]);
    }
}
