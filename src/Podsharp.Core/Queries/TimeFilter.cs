using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Core.Text;

namespace Podsharp.Core.Queries;

/// <summary>Moments as people write them in filters: Unix seconds with an optional fraction, RFC 3339 (or a date or time of it, in UTC), or a duration back from now (10m).</summary>
public static class TimeFilter
{
    public static DateTimeOffset Parse(string text, DateTimeOffset now) =>
        TryParse(text, now, out var time)
            ? time
            : throw EngineException.InvalidInput($"invalid time \"{text}\": want Unix seconds, an RFC 3339 time or a duration such as 10m");

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (TryUnix(text, out time)) return true;
        if (DurationText.TryParse(text, out var back))
        {
            var ticks = (decimal)now.UtcTicks - back.Ticks;
            if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks) return false;
            time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
            return true;
        }

        // Only the year-first forms: a lenient parser takes "3" or "May" for times.
        return text.Length >= 10 && text[4] == '-' && text[7] == '-' && DateTimeOffset.TryParse(
            DropExcessDigits(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private static bool TryUnix(string text, out DateTimeOffset time)
    {
        time = default;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (seconds is > 253_402_300_799 or < -62_135_596_800) return false;
        time = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    // Clients send nanoseconds; a tick is a hundred of them.
    private static string DropExcessDigits(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) return text;
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - dot > 8 ? text[..(dot + 8)] + text[end..] : text;
    }
}
