using Podsharp.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podsharp.Registry.Signatures;

/// <summary>
/// A YAML file of mappings and plain values, as a tree of dictionaries and strings. Built from the parser's events: the library's
/// object mapping is reflection.
/// </summary>
internal static class YamlFile
{
    private const int Deepest = 8;

    /// <summary>InvalidInput with file and place when it cannot be read or is more than that.</summary>
    public static IReadOnlyDictionary<string, object> Read(string path)
    {
        try
        {
            using var text = new StreamReader(path);
            var parser = new Parser(text);
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _)) return new Dictionary<string, object>();
            var content = ReadValue(parser, Deepest);
            parser.Consume<DocumentEnd>();
            parser.Consume<StreamEnd>();
            return content as IReadOnlyDictionary<string, object>
                ?? (content is "" ? new Dictionary<string, object>() : throw EngineException.InvalidInput($"{path}: want keys and values"));
        }
        catch (YamlException failure)
        {
            throw EngineException.InvalidInput($"{path}: line {failure.Start.Line}: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw EngineException.InvalidInput($"{path} cannot be read: {failure.Message}");
        }
    }

    private static object ReadValue(Parser parser, int depth)
    {
        if (parser.TryConsume<Scalar>(out var scalar)) return IsNull(scalar) ? "" : scalar.Value;
        if (depth == 0 || !parser.TryConsume<MappingStart>(out _))
            throw new YamlException(parser.Current!.Start, parser.Current.End, "neither a mapping nor a plain value");
        var mapping = new Dictionary<string, object>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (!mapping.TryAdd(key.Value, ReadValue(parser, depth - 1))) throw new YamlException(key.Start, key.End, $"\"{key.Value}\" stands here twice");
        }

        return mapping;
    }

    private static bool IsNull(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
}
