using Podsharp.Core.Errors;
using Tomlyn;
using Tomlyn.Serialization;

namespace Podsharp.Service.Options;

/// <summary>A TOML file as flat keys, "engine.runtimes.crun", each with a string, long, double, bool or <see cref="ConfiguredList"/>.</summary>
internal static class ConfigurationFile
{
    /// <summary>Adds the file's keys, replacing those of files read before; lists may ask to be added to. InvalidInput with file and place when it is no TOML.</summary>
    public static void ReadInto(IDictionary<string, object> values, string path)
    {
        try
        {
            var reader = TomlReader.Create(File.ReadAllText(path), new TomlSerializerOptions { SourceName = path });
            while (reader.Read())
            {
                if (reader.TokenType == TomlTokenType.StartTable) ReadTable(reader, values, "");
            }
        }
        catch (Exception failure) when (failure is TomlException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw EngineException.InvalidInput($"{path} cannot be read: {failure.Message}");
        }
    }

    // At StartTable; ends at its EndTable.
    private static void ReadTable(TomlReader reader, IDictionary<string, object> values, string prefix)
    {
        while (reader.Read() && reader.TokenType != TomlTokenType.EndTable)
        {
            if (reader.TokenType != TomlTokenType.PropertyName) continue;
            var key = prefix + reader.PropertyName;
            reader.Read();
            if (reader.TokenType == TomlTokenType.StartTable) ReadTable(reader, values, key + ".");
            else if (reader.TokenType == TomlTokenType.StartArray) values[key] = ReadList(reader, values.TryGetValue(key, out var former) ? former as ConfiguredList : null);
            else if (ReadScalar(reader) is { } value) values[key] = value;
        }
    }

    private static object? ReadScalar(TomlReader reader) => reader.TokenType switch
    {
        TomlTokenType.String => reader.GetString(),
        TomlTokenType.Integer => reader.GetInt64(),
        TomlTokenType.Float => reader.GetDouble(),
        TomlTokenType.Boolean => reader.GetBoolean(),
        _ => null,
    };

    // Lists hold strings, and as a table among them the attribute {append=true}.
    private static ConfiguredList ReadList(TomlReader reader, ConfiguredList? former)
    {
        var items = new List<string>();
        var attributes = new Dictionary<string, object>();
        while (reader.Read() && reader.TokenType != TomlTokenType.EndArray)
        {
            if (reader.TokenType == TomlTokenType.StartTable) ReadTable(reader, attributes, "");
            else if (ReadScalar(reader) is { } value) items.Add(value.ToString() ?? "");
        }

        return ConfiguredList.Next(former, items, attributes.TryGetValue("append", out var append) ? append as bool? : null);
    }
}
