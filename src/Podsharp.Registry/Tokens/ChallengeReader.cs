using System.Text;

namespace Podsharp.Registry.Tokens;

/// <summary>Reads the challenges of one header line: <c>Bearer realm="…",service="…", Basic realm=x</c>. What is malformed ends the reading.</summary>
internal static class ChallengeReader
{
    public static IReadOnlyList<Challenge> Read(string header)
    {
        var challenges = new List<Challenge>();
        var parameters = (Dictionary<string, string>?)null;
        var at = 0;
        while (true)
        {
            Skip(header, ref at, " \t,");
            var word = Token(header, ref at);
            if (word.Length == 0) return challenges;
            Skip(header, ref at, " \t");
            if (at < header.Length && header[at] == '=' && parameters is not null)
            {
                at++;
                Skip(header, ref at, " \t");
                if (Value(header, ref at) is not { } value) return challenges;
                parameters[word.ToLowerInvariant()] = value;
            }
            else
            {
                challenges.Add(new Challenge(word.ToLowerInvariant(), parameters = []));
            }
        }
    }

    private static void Skip(string text, ref int at, string characters)
    {
        while (at < text.Length && characters.Contains(text[at], StringComparison.Ordinal)) at++;
    }

    private static string Token(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || "!#$%&'*+-.^_`|~/:".Contains(text[at], StringComparison.Ordinal))) at++;
        return text[start..at];
    }

    // Null: a quote that never closes.
    private static string? Value(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '"') return Token(text, ref at);
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return value.ToString();
            }

            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        return null;
    }
}
