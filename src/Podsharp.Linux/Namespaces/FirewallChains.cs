using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Namespaces;

/// <summary>Looks into the kernel's firewall (nf_tables) without any program.</summary>
public static partial class FirewallChains
{
    private const int HeadLength = 16;
    private const ushort GetRule = (10 << 8) | 7;
    private const ushort Error = 2, Done = 3;

    /// <summary>The IPv4 rules of a chain, as the kernel writes them, one after the other; empty where there is no such chain.</summary>
    public static byte[] Read(string table, string chain)
    {
        const int netlink = 16, raw = 3, closeOnExec = 0x80000, netfilter = 12;
        using var socket = new SafeFileHandle(Native.socket(netlink, raw | closeOnExec, netfilter), ownsHandle: true);
        if (socket.IsInvalid) throw SystemCallException.Last("socket(AF_NETLINK)");
        var descriptor = (int)socket.DangerousGetHandle();
        var question = Question(table, chain);
        if (Native.send(descriptor, question, question.Length, 0) < 0) throw SystemCallException.Last("asking for firewall rules");

        using var rules = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            var length = (int)Native.recv(descriptor, buffer, buffer.Length, 0);
            if (length < 0) throw SystemCallException.Last("reading firewall rules");
            for (var rest = buffer.AsSpan(0, length); rest.Length >= HeadLength;)
            {
                var size = BinaryPrimitives.ReadInt32LittleEndian(rest);
                if (BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]) is Error or Done || size < HeadLength || size > rest.Length) return rules.ToArray();
                rules.Write(rest[HeadLength..size]);
                rest = rest[Math.Min((size + 3) & ~3, rest.Length)..];
            }
        }
    }

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
