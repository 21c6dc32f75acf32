using Podsharp.Core.Errors;
using Tomlyn;
using Tomlyn.Serialization;

namespace Podsharp.Service.Options;

/// <summary>A TOML file as flat keys, "engine.runtimes.crun", each with a string, long, double, bool or list of strings.</summary>
internal static class ConfigurationFile
{
    /// <summary>Adds the file's keys, replacing those of files read before. InvalidInput with file and place when it is no TOML.</summary>
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
            else if (ReadValue(reader) is { } value) values[key] = value;
        }
    }

    private static object? ReadValue(TomlReader reader) => reader.TokenType switch
    {
        TomlTokenType.String => reader.GetString(),
        TomlTokenType.Integer => reader.GetInt64(),
        TomlTokenType.Float => reader.GetDouble(),
        TomlTokenType.Boolean => reader.GetBoolean(),
        TomlTokenType.StartArray => ReadList(reader),
        _ => null,
    };

    // Lists hold strings, but for {append=true}, which is an attribute of the list and not of interest to a reader of one file at a time.
    private static List<string> ReadList(TomlReader reader)
    {
        var list = new List<string>();
        while (reader.Read() && reader.TokenType != TomlTokenType.EndArray)
        {
            if (reader.TokenType == TomlTokenType.StartTable) ReadTable(reader, new Dictionary<string, object>(), "");
            else if (ReadValue(reader) is { } value) list.Add(value.ToString() ?? "");
        }

        return list;
    }
}
