using System.Globalization;
using Podsharp.Core.Text;
using Podsharp.Wire.Common;

namespace Podsharp.Api.Queries;

/// <summary>Moments as clients write them in since= and until=.</summary>
internal static class TimeText
{
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = default;
        if (TryUnix(text, out time) || GoTime.TryParse(text, out time)) return true;
        if (DurationText.TryParse(text, out var before)) return TryTicks((decimal)now.UtcTicks - before.Ticks, out time);

        // Docker takes dates without a zone too: they are UTC here, since a service has no user's zone.
        return DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddzzz"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time);
    }

    private static bool TryUnix(string text, out DateTimeOffset time)
    {
        time = default;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return false;
        // A number of seconds that no calendar knows would be too long for its ticks.
        return Math.Abs(seconds) < long.MaxValue / TimeSpan.TicksPerSecond && TryTicks((seconds * TimeSpan.TicksPerSecond) + DateTimeOffset.UnixEpoch.Ticks, out time);
    }

    private static bool TryTicks(decimal ticks, out DateTimeOffset time)
    {
        time = default;
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks) return false;
        time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }
}
