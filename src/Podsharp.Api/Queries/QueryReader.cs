using System.Globalization;
using Microsoft.AspNetCore.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Queries;
using Podsharp.Core.Text;
using Podsharp.Wire.Common;

namespace Podsharp.Api.Queries;

/// <summary>
/// Reads a query string as the Go servers do (reference/wire-types.md A1.8, A1.9). A bad value is InvalidInput and names itself.
/// </summary>
/// <param name="strictBooleans">libpod refuses what is no Go bool; docker takes anything but a few words for true.</param>
internal sealed class QueryReader(IQueryCollection query, bool strictBooleans, TimeProvider clock)
{
    public bool Has(string name) => query.ContainsKey(name);

    public string Text(string name, string absent = "") => query.TryGetValue(name, out var values) ? values[0] ?? "" : absent;

    public string? OptionalText(string name) => query.TryGetValue(name, out var values) ? values[0] ?? "" : null;

    /// <summary>Each value of a repeated key.</summary>
    public IReadOnlyList<string> List(string name) => query.TryGetValue(name, out var values) ? [.. values.Select(value => value ?? "")] : [];

    public bool Bool(string name, bool absent = false) => OptionalBool(name) ?? absent;

    public bool? OptionalBool(string name)
    {
        if (OptionalText(name)?.Trim().ToLowerInvariant() is not { } text) return null;
        if (!strictBooleans) return text is not ("" or "0" or "no" or "false" or "none");
        return text switch
        {
            "true" or "1" or "on" or "t" => true,
            "false" or "0" or "off" or "f" or "" => false,
            _ => throw Bad(name, text, "true or false"),
        };
    }

    /// <summary>Null when absent or empty.</summary>
    public int? Int(string name) => Long(name) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and { } value => (int)value,
        _ => throw Bad(name, Text(name), "a whole number"),
    };

    public long? Long(string name)
    {
        var text = Text(name);
        if (text.Length == 0) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Bad(name, text, "a whole number");
    }

    /// <summary>Go's text ("250ms", "1h30m") or plain seconds.</summary>
    public TimeSpan? Duration(string name)
    {
        var text = Text(name);
        if (text.Length == 0) return null;
        return DurationText.TryParseOrSeconds(text, out var value) ? value : throw Bad(name, text, "a duration such as 90s or 1h30m");
    }

    /// <summary>A moment: unix seconds with an optional fraction, RFC 3339, or a Go duration before now. Null when absent or empty.</summary>
    public DateTimeOffset? Time(string name)
    {
        var text = Text(name);
        if (text.Length == 0) return null;
        return TimeText.TryParse(text, clock.GetUtcNow(), out var time)
            ? time
            : throw Bad(name, text, "a unix time, an RFC 3339 time or a duration before now");
    }

    /// <summary>The <c>filters</c> parameter; a key that is not among <paramref name="known"/> is refused. None named: the verb knows its keys.</summary>
    public Filters Filters(params ReadOnlySpan<string> known)
    {
        var filters = FilterText.Parse(Text("filters"));
        return known.IsEmpty ? filters : filters.Knowing(known);
    }

    private static EngineException Bad(string name, string text, string want) =>
        EngineException.InvalidInput($"invalid value \"{text}\" for the query parameter {name}: want {want}");
}
