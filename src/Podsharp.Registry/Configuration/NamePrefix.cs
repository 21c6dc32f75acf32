namespace Podsharp.Registry.Configuration;

/// <summary>The prefix match of containers-registries.conf(5): whole parts of a name, and <c>*.host</c> for all hosts below one.</summary>
internal static class NamePrefix
{
    /// <summary>How many characters of the full name the prefix stands for; -1 when it doesn't match.</summary>
    public static int Match(string prefix, string name) =>
        prefix.StartsWith("*.", StringComparison.Ordinal) ? MatchBelow(prefix.AsSpan(1), name)
        : name.StartsWith(prefix, StringComparison.Ordinal) && EndsPart(prefix, name.AsSpan(prefix.Length)) ? prefix.Length
        : -1;

    private static int MatchBelow(ReadOnlySpan<char> rest, string name)
    {
        var hostLength = name.AsSpan().IndexOfAny('/', ':');
        if (hostLength < 0) hostLength = name.Length;
        for (var start = 1; start < hostLength; start++)
        {
            var candidate = name.AsSpan(start);
            if (candidate.StartsWith(rest, StringComparison.Ordinal) && EndsPart(rest, candidate[rest.Length..])) return start + rest.Length;
        }

        return -1;
    }

    // A colon after a host begins a port, which makes it another host; after a repository it begins a tag.
    private static bool EndsPart(ReadOnlySpan<char> prefix, ReadOnlySpan<char> rest) =>
        rest.IsEmpty || rest[0] is '/' or '@' || (rest[0] == ':' && prefix.Contains('/'));
}
