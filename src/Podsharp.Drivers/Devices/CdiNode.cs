using System.Globalization;

namespace Podsharp.Drivers.Devices;

/// <summary>A mapping of a CDI file. Each key is to be asked for: one that nobody asked for is a feature that would be dropped in silence.</summary>
internal sealed class CdiNode
{
    private readonly Dictionary<string, object> _values;
    private readonly HashSet<string> _left;
    private readonly string _place;

    /// <param name="place">For errors: "devices[0].containerEdits"; empty: the whole file.</param>
    public CdiNode(object value, string place)
    {
        _values = value as Dictionary<string, object> ?? (value is "" ? [] : throw new CdiFormatException($"{(place.Length > 0 ? place : "the file")}: want keys and values"));
        (_left, _place) = ([.. _values.Keys], place);
    }

    public string Text(string key) => Take(key) switch
    {
        null => "",
        string text => text,
        _ => throw new CdiFormatException($"{Place(key)}: want a plain value"),
    };

    public string RequiredText(string key) => Text(key) is { Length: > 0 } text ? text : throw new CdiFormatException($"{Place(key)} is missing");

    public long? Number(string key)
    {
        if (Text(key) is not { Length: > 0 } text) return null;
        // YAML writes octal numbers as 0660 (1.1) or 0o660 (1.2).
        var octal = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text.Length > 1 && text[0] == '0' ? text[1..] : null;
        if (octal is not null && octal.All(static digit => digit is >= '0' and <= '7')) return Convert.ToInt64(octal, 8);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CdiFormatException($"{Place(key)}: want a number, not \"{text}\"");
    }

    public IReadOnlyList<string> Texts(string key) =>
        [.. List(key).Select((item, index) => item as string ?? throw new CdiFormatException($"{Place(key)}[{index}]: want a plain value"))];

    public IReadOnlyList<CdiNode> Nodes(string key) => [.. List(key).Select((item, index) => new CdiNode(item, $"{Place(key)}[{index}]"))];

    public CdiNode? Node(string key) => Take(key) is { } value ? new CdiNode(value, $"{Place(key)}") : null;

    /// <summary>What it means is nothing to us.</summary>
    public void Pass(string key) => _left.Remove(key);

    public void End()
    {
        if (_left.Count > 0) throw new CdiFormatException($"{Place(_left.First())} is not supported");
    }

    private string Place(string key) => _place.Length > 0 ? $"{_place}.{key}" : key;

    private List<object> List(string key) => Take(key) switch
    {
        null or "" => [],
        List<object> list => list,
        _ => throw new CdiFormatException($"{Place(key)}: want a list"),
    };

    private object? Take(string key)
    {
        _left.Remove(key);
        return _values.GetValueOrDefault(key);
    }
}

/// <summary>A CDI file says something else than it should.</summary>
internal sealed class CdiFormatException(string message) : Exception(message);
