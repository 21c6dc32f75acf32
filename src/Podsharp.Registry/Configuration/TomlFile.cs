using Podsharp.Core.Errors;
using Tomlyn;
using Tomlyn.Serialization;

namespace Podsharp.Registry.Configuration;

/// <summary>A TOML file as a tree: tables are dictionaries, arrays are lists, and leaves string, long, double or bool.</summary>
internal static class TomlFile
{
    /// <summary>InvalidInput with file and place when it cannot be read or is no TOML.</summary>
    public static TomlTable Read(string path)
    {
        try
        {
            var reader = TomlReader.Create(File.ReadAllText(path), new TomlSerializerOptions { SourceName = path });
            while (reader.Read())
            {
                if (reader.TokenType == TomlTokenType.StartTable) return new TomlTable(path, ReadTable(reader));
            }

            return new TomlTable(path, new Dictionary<string, object>());
        }
        catch (Exception failure) when (failure is TomlException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw EngineException.InvalidInput($"{path} cannot be read: {failure.Message}");
        }
    }

    // At StartTable; ends at its EndTable.
    private static Dictionary<string, object> ReadTable(TomlReader reader)
    {
        var table = new Dictionary<string, object>();
        while (reader.Read() && reader.TokenType != TomlTokenType.EndTable)
        {
            if (reader.TokenType != TomlTokenType.PropertyName) continue;
            var key = reader.PropertyName!;
            reader.Read();
            var value = ReadValue(reader);
            // The parts of an array of tables may come one by one.
            if (value is List<object> more && table.TryGetValue(key, out var former) && former is List<object> list) list.AddRange(more);
            else if (value is not null) table[key] = value;
        }

        return table;
    }

    private static List<object> ReadArray(TomlReader reader)
    {
        var items = new List<object>();
        while (reader.Read() && reader.TokenType != TomlTokenType.EndArray)
        {
            if (ReadValue(reader) is { } value) items.Add(value);
        }

        return items;
    }

    private static object? ReadValue(TomlReader reader) => reader.TokenType switch
    {
        TomlTokenType.StartTable => ReadTable(reader),
        TomlTokenType.StartArray => ReadArray(reader),
        TomlTokenType.String => reader.GetString(),
        TomlTokenType.Integer => reader.GetInt64(),
        TomlTokenType.Float => reader.GetDouble(),
        TomlTokenType.Boolean => reader.GetBoolean(),
        _ => null,
    };
}
