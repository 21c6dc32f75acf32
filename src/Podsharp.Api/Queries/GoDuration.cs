using System.Buffers;
using System.Globalization;

namespace Podsharp.Api.Queries;

/// <summary>Go's time.ParseDuration: signed sums of numbers with units, "1h30m", "1.5s", "250ms".</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static bool TryParseOrSeconds(string text, out TimeSpan duration)
    {
        if (TryParse(text, out duration)) return true;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return false;
        return TryFromTicks(seconds * TimeSpan.TicksPerSecond, out duration);
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+")) rest = rest[1..];
        if (rest is "0") return true;
        if (rest.IsEmpty) return false;

        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            rest = rest[digits..];
            var end = rest.IndexOfAny(Digits);
            var unit = end < 0 ? rest : rest[..end];
            if (TicksOf(unit) is not { } factor || number > long.MaxValue) return false;
            ticks += number * factor;
            rest = rest[unit.Length..];
        }

        return TryFromTicks(negative ? -ticks : ticks, out duration);
    }

    private static bool TryFromTicks(decimal ticks, out TimeSpan duration)
    {
        duration = default;
        if (ticks is > long.MaxValue or < long.MinValue) return false;
        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    private static decimal? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => 10,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
