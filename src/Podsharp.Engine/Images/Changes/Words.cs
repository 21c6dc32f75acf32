using System.Text;
using System.Text.Json;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Images.Changes;

/// <summary>Takes an instruction's arguments apart: the JSON form, and words with quotes, backslashes and variables.</summary>
internal static class Words
{
    /// <summary>The strings of a JSON array; null when the text is none.</summary>
    public static IReadOnlyList<string>? TryJsonForm(string text)
    {
        if (!text.StartsWith('[')) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            var elements = document.RootElement.EnumerateArray().ToList();
            return elements.All(element => element.ValueKind == JsonValueKind.String) ? [.. elements.Select(element => element.GetString()!)] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Cuts at blanks outside of quotes; quotes and backslashes stay in the words.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (word.Length > 0) words.Add(word.ToString());
                word.Clear();
                continue;
            }

            word.Append(letter);
            if (letter == '\\' && quote != '\'' && i + 1 < text.Length) word.Append(text[++i]);
            else if (letter == quote) quote = '\0';
            else if (quote == '\0' && letter is ('"' or '\'')) quote = letter;
        }

        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }

    /// <summary>Takes quotes and backslashes away and puts variables' values in: $NAME, ${NAME}, ${NAME:-default}, ${NAME:+instead}; none inside single quotes.</summary>
    public static string Expand(string text, Func<string, string?> variable)
    {
        var result = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quote != '\'' && letter == '\\' && i + 1 < text.Length)
            {
                // Inside double quotes a backslash is special only before what it can protect.
                if (quote == '"' && text[i + 1] is not ('"' or '$' or '\\')) result.Append('\\');
                result.Append(text[++i]);
            }
            else if (letter == quote) quote = '\0';
            else if (quote == '\0' && letter is ('"' or '\'')) quote = letter;
            else if (quote != '\'' && letter == '$') i = ExpandVariable(text, i, variable, result);
            else result.Append(letter);
        }

        return quote == '\0' ? result.ToString() : throw EngineException.InvalidInput($"unexpected end of text while looking for matching {quote} in: {text}");
    }

    /// <summary>Reads a variable at the dollar sign and answers the index of its last character.</summary>
    private static int ExpandVariable(string text, int dollar, Func<string, string?> variable, StringBuilder result)
    {
        var braced = dollar + 1 < text.Length && text[dollar + 1] == '{';
        var start = braced ? dollar + 2 : dollar + 1;
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
        if (!braced)
        {
            result.Append(end == start ? "$" : variable(text[start..end]));
            return end - 1;
        }

        var close = ClosingBrace(text, end);
        if (close < 0 || end == start) throw EngineException.InvalidInput($"syntax error: missing '}}' or name in: {text}");
        var value = variable(text[start..end]);
        var rest = text[end..close];
        result.Append(rest switch
        {
            "" => value,
            [':', '-', .. var otherwise] => string.IsNullOrEmpty(value) ? Expand(otherwise, variable) : value,
            [':', '+', .. var instead] => string.IsNullOrEmpty(value) ? "" : Expand(instead, variable),
            _ => throw EngineException.InvalidInput($"unsupported modifier ({rest}) in substitution: {text}"),
        });
        return close;
    }

    private static int ClosingBrace(string text, int from)
    {
        var depth = 1;
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }

        return -1;
    }
}
