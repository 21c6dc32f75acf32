using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>A datagram socket beside the bridges.</summary>
/// <param name="Inode">This socket's alone: one that was closed and opened again has another.</param>
/// <param name="Unread">Bytes that wait to be received.</param>
internal sealed record DatagramSocket(IPEndPoint Local, ulong Inode, uint Unread);

/// <summary>Datagram sockets as the kernel shows them in /proc/net.</summary>
internal static class DatagramSockets
{
    /// <returns>Those that listen at this port, by their addresses.</returns>
    public static Dictionary<IPAddress, DatagramSocket> At(BridgeNamespace space, int port)
    {
        var found = new Dictionary<IPAddress, DatagramSocket>();
        foreach (var file in (string[])["udp", "udp6"])
        {
            foreach (var line in space.ReadLines(file).Skip(1))
            {
                if (Parse(line) is { } socket && socket.Local.Port == port) found[socket.Local.Address] = socket;
            }
        }

        return found;
    }

    // Columns: number, local address, remote address, state, unsent:unread, …; the tenth is the inode. An address is 32-bit numbers in the machine's byte order.
    internal static DatagramSocket? Parse(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length < 10 || columns[1].Split(':') is not [{ Length: 8 or 32 } address, { } port]) return null;
        var bytes = new byte[address.Length / 2];
        for (var at = 0; at < bytes.Length; at += 4)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), uint.Parse(address.AsSpan(2 * at, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        var local = new IPEndPoint(new IPAddress(bytes), int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        var unread = uint.Parse(columns[4].Split(':')[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new DatagramSocket(local, ulong.Parse(columns[9], CultureInfo.InvariantCulture), unread);
    }
}
