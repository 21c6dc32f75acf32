using System.Text.Json;

namespace Podsharp.Drivers.Monitors;

/// <summary>The line that conmon writes to its sync pipe.</summary>
/// <param name="Data">The container's pid, or negative.</param>
internal sealed record MonitorReply(int Data, string? Message)
{
    /// <summary>Null when the text is not such a line.</summary>
    public static MonitorReply? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            int? data = null;
            string? message = null;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                var isData = reader.ValueTextEquals("data"u8);
                var isMessage = reader.ValueTextEquals("message"u8);
                reader.Read();
                if (isData) data = reader.GetInt32();
                else if (isMessage) message = reader.GetString();
                else reader.Skip();
            }

            return data is { } value ? new MonitorReply(value, message) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
