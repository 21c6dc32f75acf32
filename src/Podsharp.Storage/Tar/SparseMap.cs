using System.Globalization;

namespace Podsharp.Storage.Tar;

/// <summary>Maps of files with holes, checked: in order, apart, within the file, and as long together as what is stored.</summary>
internal static class SparseMap
{
    private const int MaximumExtents = 1 << 20;

    public static IReadOnlyList<TarExtent> Checked(IReadOnlyList<long> numbers, long size, long stored)
    {
        if (numbers.Count % 2 != 0 || numbers.Count / 2 > MaximumExtents) throw Damaged();
        var extents = new List<TarExtent>(numbers.Count / 2);
        var (end, sum) = (0L, 0L);
        for (var i = 0; i < numbers.Count; i += 2)
        {
            var extent = new TarExtent(numbers[i], numbers[i + 1]);
            if (extent.Offset < end || extent.Length < 0 || extent.Length > size || extent.Offset > size - extent.Length) throw Damaged();
            end = extent.Offset + extent.Length;
            sum += extent.Length;
            if (extent.Length > 0) extents.Add(extent);
        }

        return sum == stored ? extents : throw Damaged();
    }

    /// <summary>Four entries in the old GNU header or twenty-one in a block that follows it.</summary>
    public static void ReadOld(ReadOnlySpan<byte> entries, List<long> numbers)
    {
        for (; entries.Length >= 24 && entries[0] != 0; entries = entries[24..])
        {
            numbers.Add(TarHeader.Number(entries[..12], "sparse offset"));
            numbers.Add(TarHeader.Number(entries.Slice(12, 12), "sparse length"));
            if (numbers.Count / 2 > MaximumExtents) throw Damaged();
        }
    }

    /// <summary>Format 0.1: "offset,length,offset,length".</summary>
    public static List<long> ReadList(string text)
    {
        var numbers = new List<long>();
        foreach (var range in text.AsSpan().Split(','))
        {
            if (!long.TryParse(text.AsSpan(range), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw Damaged();
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Format 1.0: the data begins with a count and that many pairs, a decimal number a line, padded to a block.</summary>
    /// <returns>How many lines the map has, told by its first block.</returns>
    public static long LinesOf(ReadOnlySpan<byte> firstBlock)
    {
        var end = firstBlock.IndexOf((byte)'\n');
        if (end < 0) throw Damaged();
        var count = Decimal(firstBlock[..end]);
        return count <= MaximumExtents ? 1 + (2 * count) : throw Damaged();
    }

    public static List<long> ReadPrefix(ReadOnlySpan<byte> map)
    {
        var lines = LinesOf(map);
        var numbers = new List<long>();
        for (var i = 0; i < lines; i++)
        {
            var end = map.IndexOf((byte)'\n');
            if (i > 0) numbers.Add(Decimal(map[..end]));
            map = map[(end + 1)..];
        }

        return numbers;
    }

    private static long Decimal(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Damaged();

    private static InvalidDataException Damaged() => new("the tar archive is damaged: the map of a file with holes is wrong");
}
