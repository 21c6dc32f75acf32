using System.Globalization;

namespace Podsharp.Api.Docker.Containers.Writing;

/// <summary>Durations as Docker words them: "About a minute", "3 hours", "2 weeks".</summary>
internal static class HumanDuration
{
    public static string Of(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < 1) return "Less than a second";
        if (seconds == 1) return "1 second";
        if (seconds < 60) return Text(seconds, "seconds");
        var minutes = (long)duration.TotalMinutes;
        if (minutes == 1) return "About a minute";
        if (minutes < 60) return Text(minutes, "minutes");
        var hours = (long)(duration.TotalHours + 0.5);
        return hours switch
        {
            1 => "About an hour",
            < 48 => Text(hours, "hours"),
            < 24 * 7 * 2 => Text(hours / 24, "days"),
            < 24 * 30 * 2 => Text(hours / 24 / 7, "weeks"),
            < 24 * 365 * 2 => Text(hours / 24 / 30, "months"),
            _ => Text((long)duration.TotalHours / 24 / 365, "years"),
        };
    }

    private static string Text(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}");
}
