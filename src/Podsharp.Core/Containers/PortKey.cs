using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Core.Errors;

namespace Podsharp.Core.Containers;

/// <summary>A container port and its protocol, written <c>80/tcp</c>.</summary>
/// <param name="Port">1–65535.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
[JsonConverter(typeof(PortKeyJsonConverter))]
public readonly record struct PortKey(ushort Port, string Protocol)
{
    /// <summary>Reads <c>80</c>, <c>80/</c>, <c>80/tcp</c>, <c>80/UDP</c>.</summary>
    public static PortKey Parse(string text)
    {
        var (number, protocol) = Split(text);
        return new PortKey(ParsePort(number, text), protocol);
    }

    /// <summary>Reads also a range, <c>8000-8010/udp</c>, giving each of its ports.</summary>
    public static IReadOnlyList<PortKey> ParseRange(string text)
    {
        var (number, protocol) = Split(text);
        var dash = number.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0) return [new PortKey(ParsePort(number, text), protocol)];
        var first = ParsePort(number[..dash], text);
        var last = ParsePort(number[(dash + 1)..], text);
        if (last < first) throw EngineException.InvalidInput($"invalid port range \"{text}\": it ends before it starts");
        return [.. Enumerable.Range(first, last - first + 1).Select(port => new PortKey((ushort)port, protocol))];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Port}/{Protocol}");

    private static (string Number, string Protocol) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 || slash == text.Length - 1 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw EngineException.InvalidInput($"invalid port \"{text}\": the protocol must be tcp, udp or sctp");
        return (slash < 0 ? text : text[..slash], protocol);
    }

    private static ushort ParsePort(string number, string whole) =>
        ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw EngineException.InvalidInput($"invalid port \"{whole}\": want a number from 1 to 65535");
}

public sealed class PortKeyJsonConverter : JsonConverter<PortKey>
{
    public override PortKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PortKey.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, PortKey value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override PortKey ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PortKey.Parse(reader.GetString() ?? "");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, PortKey value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}
