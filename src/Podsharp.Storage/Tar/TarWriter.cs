using System.Globalization;
using System.Text;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Tar;

/// <summary>Writes tar as registries' clients do: ustar where it fits, a PAX header before it for whatever does not.</summary>
internal sealed class TarWriter(Stream target)
{
    private const long OctalLimit12 = 0x1_FFFF_FFFF;
    private const long OctalLimit8 = 0x1F_FFFF;
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private long _remaining;
    private int _padding;

    /// <summary>Starts an entry; its <see cref="TarEntry.StoredSize"/> bytes follow by <see cref="Write"/>. Files with holes are written as format 1.0.</summary>
    public void Add(TarEntry entry)
    {
        Pad();
        var pax = new List<(string Key, byte[] Value)>();
        var prefix = Array.Empty<byte>();
        var stored = entry.Kind == TarKind.File ? entry.Size : 0;
        var name = PathText.ToBytes(entry.Name);
        if (entry is { Kind: TarKind.File, Extents: { } extents })
        {
            prefix = MapPrefix(extents);
            stored = prefix.Length + extents.Sum(extent => extent.Length);
            pax.Add(("GNU.sparse.major", "1"u8.ToArray()));
            pax.Add(("GNU.sparse.minor", "0"u8.ToArray()));
            pax.Add(("GNU.sparse.name", name));
            pax.Add(("GNU.sparse.realsize", Decimal(entry.Size)));
        }

        if (!Fits(name, 100)) pax.Add(("path", name));
        var link = PathText.ToBytes(entry.LinkTarget);
        if (!Fits(link, 100)) pax.Add(("linkpath", link));
        if (stored > OctalLimit12) pax.Add(("size", Decimal(stored)));
        if (entry.UserId > OctalLimit8) pax.Add(("uid", Decimal(entry.UserId)));
        if (entry.GroupId > OctalLimit8) pax.Add(("gid", Decimal(entry.GroupId)));
        if (entry.Modified is not { Seconds: >= 0 and <= OctalLimit12, Nanoseconds: 0 }) pax.Add(("mtime", Time(entry.Modified)));
        foreach (var (attribute, value) in entry.Attributes) pax.Add(("SCHILY.xattr." + attribute, value));
        if (pax.Count > 0) WritePax(name, pax);
        WriteHeader(entry, TypeOf(entry.Kind), name, link, stored);
        target.Write(prefix);
        (_remaining, _padding) = (stored - prefix.Length, (int)(-stored & (TarHeader.BlockSize - 1)));
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        if (data.Length > _remaining) throw new InvalidOperationException("more data than the entry's size");
        target.Write(data);
        _remaining -= data.Length;
    }

    /// <summary>Two zero blocks end the archive.</summary>
    public void Finish()
    {
        Pad();
        target.Write(new byte[2 * TarHeader.BlockSize]);
    }

    private static char TypeOf(TarKind kind) => kind switch
    {
        TarKind.File => '0',
        TarKind.HardLink => '1',
        TarKind.SymbolicLink => '2',
        TarKind.CharacterDevice => '3',
        TarKind.BlockDevice => '4',
        TarKind.Directory => '5',
        TarKind.Pipe => '6',
        _ => throw new InvalidOperationException($"{kind} cannot be written"),
    };

    private static bool Fits(ReadOnlySpan<byte> text, int length) => text.Length <= length && !text.ContainsAnyInRange((byte)0x80, (byte)0xff);

    private static byte[] Decimal(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static byte[] Time(FileTime time)
    {
        // −0.25 s is kept as −1 s and 750 000 000 ns, and written as -0.25.
        var (negative, seconds, nanoseconds) = (time.Seconds < 0, time.Seconds, (long)time.Nanoseconds);
        if (negative && nanoseconds > 0) (seconds, nanoseconds) = (seconds + 1, 1_000_000_000 - nanoseconds);
        var text = $"{(negative ? "-" : "")}{(ulong)Math.Abs(seconds)}";
        return Encoding.ASCII.GetBytes(nanoseconds == 0 ? text : $"{text}.{nanoseconds:D9}".TrimEnd('0'));
    }

    private static byte[] MapPrefix(IReadOnlyList<TarExtent> extents)
    {
        var text = new StringBuilder().Append(extents.Count).Append('\n');
        foreach (var extent in extents) text.Append(extent.Offset).Append('\n').Append(extent.Length).Append('\n');
        text.Append('\0', -text.Length & (TarHeader.BlockSize - 1));
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Octal(Span<byte> field, long value, long limit)
    {
        value = value < 0 || value > limit ? 0 : value;
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3) field[i] = (byte)('0' + (value & 7));
    }

    private void Pad()
    {
        if (_remaining > 0) throw new InvalidOperationException("less data than the entry's size");
        if (_padding > 0) target.Write(new byte[_padding]);
        _padding = 0;
    }

    private void WritePax(byte[] name, List<(string Key, byte[] Value)> records)
    {
        using var content = new MemoryStream();
        foreach (var (key, value) in records)
        {
            var keyBytes = Encoding.UTF8.GetBytes(key);
            // The length counts its own digits.
            var rest = keyBytes.Length + value.Length + 3;
            var length = rest + Digits(rest);
            if (Digits(length) != Digits(rest)) length = rest + Digits(length);
            content.Write(Decimal(length));
            content.Write(" "u8);
            content.Write(keyBytes);
            content.Write("="u8);
            content.Write(value);
            content.Write("\n"u8);
        }

        var slash = name.AsSpan().TrimEnd((byte)'/').LastIndexOf((byte)'/');
        byte[] shortened = [.. "PaxHeaders.0/"u8, .. name.AsSpan()[(slash + 1)..]];
        var header = new TarEntry { Name = "", Kind = TarKind.File, Mode = 0b110_100_100 };
        WriteHeader(header, 'x', shortened.AsSpan(0, Math.Min(shortened.Length, 99)).ToArray(), [], content.Length);
        content.WriteTo(target);
        target.Write(new byte[-content.Length & (TarHeader.BlockSize - 1)]);
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private void WriteHeader(TarEntry entry, char type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, long size)
    {
        var block = _block.AsSpan();
        block.Clear();
        name[..Math.Min(name.Length, 100)].CopyTo(block);
        Octal(block.Slice(100, 8), entry.Mode, OctalLimit8);
        Octal(block.Slice(108, 8), entry.UserId, OctalLimit8);
        Octal(block.Slice(116, 8), entry.GroupId, OctalLimit8);
        Octal(block.Slice(124, 12), size, OctalLimit12);
        Octal(block.Slice(136, 12), entry.Modified.Seconds, OctalLimit12);
        block[156] = (byte)type;
        link[..Math.Min(link.Length, 100)].CopyTo(block[157..]);
        "ustar\000"u8.CopyTo(block[257..]);
        Octal(block.Slice(329, 8), entry.DeviceMajor, OctalLimit8);
        Octal(block.Slice(337, 8), entry.DeviceMinor, OctalLimit8);
        block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var one in block) sum += one;
        Octal(block.Slice(148, 7), sum, OctalLimit8);
        target.Write(block);
    }
}
