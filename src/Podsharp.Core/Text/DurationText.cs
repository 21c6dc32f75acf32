using System.Buffers;
using System.Globalization;

namespace Podsharp.Core.Text;

/// <summary>Durations as this field writes them: signed sums of numbers with units, <c>1h30m</c>, <c>1.5s</c>, <c>250ms</c>. Units h, m, s, ms, us (µs), ns.</summary>
public static class DurationText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>As <see cref="TryParse"/>; a number without a unit is seconds.</summary>
    public static bool TryParseOrSeconds(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        if (TryParse(text, out duration)) return true;
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < long.MaxValue / TimeSpan.TicksPerSecond
            && TryFromTicks(seconds * TimeSpan.TicksPerSecond, out duration);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var negative = text.StartsWith("-");
        var rest = negative || text.StartsWith("+") ? text[1..] : text;
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

    /// <summary>The shortest form: <c>700ms</c>, <c>1.5s</c>, <c>1m30s</c>, <c>2h0m0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) return "-" + Format(duration.Negate());
        string Number(double value, string unit) => value.ToString("0.#######", CultureInfo.InvariantCulture) + unit;
        if (duration == TimeSpan.Zero) return "0s";
        if (duration < TimeSpan.FromMilliseconds(1)) return Number(duration.TotalMicroseconds, "µs");
        if (duration < TimeSpan.FromSeconds(1)) return Number(duration.TotalMilliseconds, "ms");
        var seconds = Number((duration.Ticks % TimeSpan.TicksPerMinute) / (double)TimeSpan.TicksPerSecond, "s");
        if (duration < TimeSpan.FromMinutes(1)) return seconds;
        var minutes = $"{duration.Minutes}m{seconds}";
        return duration < TimeSpan.FromHours(1) ? minutes : $"{(long)duration.TotalHours}h{minutes}";
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
