using System.Buffers.Binary;

namespace Podsharp.Storage.Tar;

/// <summary>The 512 bytes of a header block: v7, ustar, GNU and star (POSIX.1-1988; GNU tar manual, "Basic Tar Format").</summary>
internal static class TarHeader
{
    public const int BlockSize = 512;

    public static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    /// <summary>Whether the block is a header at all.</summary>
    public static bool HasValidChecksum(ReadOnlySpan<byte> block)
    {
        if (!TryNumber(block.Slice(148, 8), out var stored)) return false;
        long unsigned = 8 * ' ', signed = 8 * ' ';
        for (var i = 0; i < BlockSize; i++)
        {
            if (i is >= 148 and < 156) continue;
            unsigned += block[i];
            signed += (sbyte)block[i];
        }

        // Old writers summed signed characters.
        return stored == unsigned || stored == signed;
    }

    public static TarFields Parse(ReadOnlySpan<byte> block)
    {
        if (!HasValidChecksum(block)) throw new InvalidDataException("the tar archive is damaged: a header's checksum is wrong");
        var posix = block.Slice(257, 6).SequenceEqual("ustar\0"u8);
        var gnu = block.Slice(257, 8).SequenceEqual("ustar  \0"u8);
        var name = Text(block[..100]);
        if (posix && block[345] != 0)
        {
            var star = block.Slice(508, 4).SequenceEqual("tar\0"u8);
            name = [.. Text(block.Slice(345, star ? 131 : 155)), (byte)'/', .. name];
        }

        return new TarFields
        {
            Name = name,
            Mode = (int)Number(block.Slice(100, 8), "mode"),
            UserId = Number(block.Slice(108, 8), "uid"),
            GroupId = Number(block.Slice(116, 8), "gid"),
            Size = Number(block.Slice(124, 12), "size"),
            Seconds = Number(block.Slice(136, 12), "mtime"),
            Type = (char)block[156],
            LinkTarget = Text(block.Slice(157, 100)),
            DeviceMajor = posix || gnu ? Number(block.Slice(329, 8), "devmajor") : 0,
            DeviceMinor = posix || gnu ? Number(block.Slice(337, 8), "devminor") : 0,
        };
    }

    /// <summary>Octal digits between blanks and zeros, or base 256 where the first bit is set.</summary>
    public static long Number(ReadOnlySpan<byte> field, string what) =>
        TryNumber(field, out var value) ? value : throw new InvalidDataException($"the tar archive is damaged: {what} is no number");

    private static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0) return TryBinary(field, out value);
        field = field.Trim(" \0"u8);
        // Some writers put garbage after the zero that ends the number.
        var end = field.IndexOfAny((byte)0, (byte)' ');
        if (end >= 0) field = field[..end];
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3) return false;
            value = (value << 3) | (long)(digit - '0');
        }

        return true;
    }

    private static bool TryBinary(ReadOnlySpan<byte> field, out long value)
    {
        Span<byte> wide = stackalloc byte[16];
        var negative = (field[0] & 0x40) != 0;
        wide.Fill(negative ? (byte)0xff : (byte)0);
        field.CopyTo(wide[(16 - field.Length)..]);
        wide[16 - field.Length] = negative ? field[0] : (byte)(field[0] & 0x7f);
        var number = BinaryPrimitives.ReadInt128BigEndian(wide);
        value = number > long.MaxValue || number < long.MinValue ? 0 : (long)number;
        return value == number;
    }

    private static byte[] Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return (end < 0 ? field : field[..end]).ToArray();
    }
}

/// <summary>What one header block says by itself.</summary>
internal struct TarFields
{
    public byte[] Name;
    public int Mode;
    public long UserId;
    public long GroupId;
    public long Size;
    public long Seconds;
    public char Type;
    public byte[] LinkTarget;
    public long DeviceMajor;
    public long DeviceMinor;
}
