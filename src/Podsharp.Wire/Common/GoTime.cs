using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podsharp.Wire.Common;

/// <summary>RFC3339Nano as Go writes it: trailing zeros of the fraction dropped, UTC as Z; "never" is the year 1 (reference/wire-types.md A1.2).</summary>
public static class GoTime
{
    public const string Never = "0001-01-01T00:00:00Z";

    public static string Format(DateTimeOffset? time) => time is { } value ? Format(value) : Never;

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads any RFC3339 text; digits beyond a tick (100 ns) are dropped.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[4] != '-' || text[10] is not ('T' or 't')) return false;

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (end - dot > 8) text = text[..(dot + 8)] + text[end..];
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }
}

/// <summary>For wire members of type <see cref="DateTimeOffset"/>.</summary>
public sealed class GoTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        GoTime.TryParse(reader.GetString() ?? "", out var time) ? time : throw new JsonException("not an RFC 3339 time");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(GoTime.Format(value));
}
