using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podsharp.Drivers.Devices;

/// <summary>
/// YAML, and so JSON, as a tree of dictionaries, lists and strings. Built from the parser's events: the library's object mapping is reflection.
/// Aliases are refused, which could make a small file a large tree.
/// </summary>
internal static class YamlTree
{
    private const int Deepest = 16;

    /// <returns>Dictionary, list or string; an empty document is an empty string.</returns>
    /// <exception cref="YamlException">It is none, or too deep.</exception>
    public static object Read(TextReader text)
    {
        var parser = new Parser(text);
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _)) return "";
        return ReadValue(parser, Deepest);
    }

    private static object ReadValue(Parser parser, int depth)
    {
        if (parser.TryConsume<Scalar>(out var scalar)) return scalar is { Style: ScalarStyle.Plain, Value: "~" or "null" } ? "" : scalar.Value;
        if (depth > 0 && parser.TryConsume<MappingStart>(out _)) return ReadMapping(parser, depth - 1);
        if (depth > 0 && parser.TryConsume<SequenceStart>(out _)) return ReadSequence(parser, depth - 1);
        throw new YamlException(parser.Current!.Start, parser.Current.End, "an alias, or nested too deeply");
    }

    private static Dictionary<string, object> ReadMapping(Parser parser, int depth)
    {
        var mapping = new Dictionary<string, object>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (!mapping.TryAdd(key.Value, ReadValue(parser, depth))) throw new YamlException(key.Start, key.End, $"\"{key.Value}\" stands here twice");
        }

        return mapping;
    }

    private static List<object> ReadSequence(Parser parser, int depth)
    {
        var sequence = new List<object>();
        while (!parser.TryConsume<SequenceEnd>(out _)) sequence.Add(ReadValue(parser, depth));
        return sequence;
    }
}
