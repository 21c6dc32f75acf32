using System.Buffers.Binary;
using System.Text;

namespace Podsharp.Linux.Namespaces;

/// <summary>An rtnetlink message under construction: header, interface info, attributes that may nest.</summary>
internal sealed class RouteMessage
{
    private readonly byte[] _bytes = new byte[512];
    private int _length;

    public RouteMessage(ushort type, ushort flags)
    {
        WriteNumber(0);
        WriteShort(type);
        WriteShort(flags);
        WriteNumber(1);
        WriteNumber(0);
    }

    /// <summary>struct ifinfomsg; what it does not say the attributes say.</summary>
    public void AddInterfaceInfo(byte family = 0, uint index = 0)
    {
        var info = Append(16);
        info.Clear();
        info[0] = family;
        BinaryPrimitives.WriteUInt32LittleEndian(info[4..], index);
    }

    public void AddByte(ushort attribute, byte value)
    {
        using var _ = Nest(attribute);
        Append(1)[0] = value;
    }

    /// <summary>struct ifinfomsg: family, padding, type, index, flags, and which flags are to change.</summary>
    public void AddInterfaceFlags(uint index, uint flags)
    {
        WriteNumber(0);
        WriteNumber(index);
        WriteNumber(flags);
        WriteNumber(flags);
    }

    /// <summary>struct ifaddrmsg: an IPv4 address of an interface.</summary>
    public void AddAddressInfo(byte prefixLength, uint index)
    {
        const byte family = 2, flags = 0, scope = 0;
        ((ReadOnlySpan<byte>)[family, prefixLength, flags, scope]).CopyTo(Append(4));
        WriteNumber(index);
    }

    /// <summary>struct rtmsg: a unicast route to everywhere in the main table, set by hand.</summary>
    public void AddRouteInfo()
    {
        const byte family = 2, main = 254, byHand = 4, everywhere = 0, unicast = 1;
        ((ReadOnlySpan<byte>)[family, 0, 0, 0, main, byHand, everywhere, unicast]).CopyTo(Append(8));
        WriteNumber(0);
    }

    /// <summary>struct ndmsg: an entry of a bridge's table that was heard, and that is forgotten when nothing more is heard.</summary>
    public void AddForwardInfo(uint port, bool sticky)
    {
        const byte bridge = 7, reachable = 2, ofMaster = 4, stuck = 64;
        ((ReadOnlySpan<byte>)[bridge, 0, 0, 0]).CopyTo(Append(4));
        WriteNumber(port);
        ((ReadOnlySpan<byte>)[reachable, 0, (byte)(ofMaster | (sticky ? stuck : 0)), 0]).CopyTo(Append(4));
    }

    public void AddBytes(ushort attribute, ReadOnlySpan<byte> bytes)
    {
        using var _ = Nest(attribute);
        bytes.CopyTo(Append(bytes.Length));
    }

    public void AddText(ushort attribute, string text)
    {
        using var _ = Nest(attribute);
        Encoding.ASCII.GetBytes(text, Append(text.Length + 1));
    }

    public void AddNumber(ushort attribute, uint number)
    {
        using var _ = Nest(attribute);
        WriteNumber(number);
    }

    /// <summary>Everything added until it is disposed is inside the attribute.</summary>
    public Nesting Nest(ushort attribute)
    {
        var start = _length;
        WriteShort(0);
        WriteShort(attribute);
        return new Nesting(this, start);
    }

    public byte[] ToBytes()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _length);
        return _bytes[.._length];
    }

    private Span<byte> Append(int length)
    {
        var span = _bytes.AsSpan(_length, length);
        _length += length;
        return span;
    }

    private void WriteShort(ushort number) => BinaryPrimitives.WriteUInt16LittleEndian(Append(2), number);

    private void WriteNumber(uint number) => BinaryPrimitives.WriteUInt32LittleEndian(Append(4), number);

    // An attribute's length leaves its padding out.
    private void End(int start)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(start), (ushort)(_length - start));
        _length = (_length + 3) & ~3;
    }

    public readonly struct Nesting(RouteMessage message, int start) : IDisposable
    {
        public void Dispose() => message.End(start);
    }
}
