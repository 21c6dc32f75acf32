using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Podsharp.Drivers.Logs;

/// <summary>Times in the log: RFC 3339, nine digits of fraction and a numeric zone.</summary>
internal static class LogTime
{
    /// <summary>Bytes of <see cref="Write"/>.</summary>
    public const int Length = 30;

    private const int FractionStart = 19;
    private const int ZoneStart = 29;

    /// <summary>Ticks of UTC, or null when the text is no such time.</summary>
    public static long? Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length < ZoneStart + 1 || Offset(text[ZoneStart..]) is not { } offset) return null;
        if (!Number(text, 0, 4, out var year) || !Number(text, 5, 2, out var month) || !Number(text, 8, 2, out var day)
            || !Number(text, 11, 2, out var hour) || !Number(text, 14, 2, out var minute) || !Number(text, 17, 2, out var second)
            || !Number(text, FractionStart + 1, 9, out var nanoseconds)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return null;
        return new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + nanoseconds / 100 - offset;
    }

    /// <summary>The time in UTC with a Z, to the nanosecond; answers the bytes written.</summary>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.Length < ZoneStart + 1 || Offset(text[ZoneStart..]) is not { } offset)
        {
            text.CopyTo(destination);
            return text.Length;
        }

        if (offset == 0 || Parse(text) is not { } ticks)
        {
            text[..ZoneStart].CopyTo(destination);
        }
        else
        {
            Encoding.ASCII.GetBytes(new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), destination);
            text[FractionStart..ZoneStart].CopyTo(destination[FractionStart..]);
        }

        destination[ZoneStart] = (byte)'Z';
        return Length;
    }

    private static long? Offset(ReadOnlySpan<byte> zone)
    {
        if (zone is [(byte)'Z']) return 0;
        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || !Number(zone, 1, 2, out var hours) || !Number(zone, 4, 2, out var minutes)) return null;
        var ticks = (hours * 60 + minutes) * TimeSpan.TicksPerMinute;
        return zone[0] == '-' ? -ticks : ticks;
    }

    private static bool Number(ReadOnlySpan<byte> text, int start, int length, out int value) =>
        Utf8Parser.TryParse(text.Slice(start, length), out value, out var used) && used == length && value >= 0;
}
