using System.IO.Enumeration;

namespace Podsharp.Differential.Compare;

/// <summary>
/// The differences that are meant. An entry is a line "STEP | PLACE | OURS | PEER" of patterns (* and ?) below a line "## reason"; each entry
/// without a reason is an error. Below "## since 1.52: reason" it is for that version of ours and newer ones.
/// </summary>
public sealed class AllowList
{
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    public IEnumerable<string> Unused => _entries.Where(entry => entry.Uses == 0).Select(entry => entry.Text);

    /// <exception cref="FormatException">names the line that isn't understood.</exception>
    public static AllowList Read(string file, IEnumerable<string> lines)
    {
        var list = new AllowList();
        var reason = "";
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.StartsWith("## ", StringComparison.Ordinal)) reason = line[3..].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split(" | ");
            if (parts.Length != 4) throw new FormatException($"{file}:{number}: wants STEP | PLACE | OURS | PEER");
            if (reason.Length == 0) throw new FormatException($"{file}:{number}: has no reason");
            list._entries.Add(new Entry(line, [.. parts.Select(part => part.Trim())], SinceOf(reason)));
        }
        return list;
    }

    public bool Allows(string version, Difference difference)
    {
        var entry = _entries.Find(entry => Version.Parse(version) >= entry.Since && entry.Matches(difference));
        if (entry is null) return false;
        entry.Uses++;
        return true;
    }

    private static Version SinceOf(string reason) =>
        reason.Split(' ', ':') is ["since", var version, ..] && Version.TryParse(version, out var since) ? since : new Version(0, 0);

    private sealed class Entry(string text, string[] patterns, Version since)
    {
        public string Text => text;

        public Version Since => since;

        public int Uses { get; set; }

        public bool Matches(Difference difference) =>
            Is(patterns[0], difference.Step) && Is(patterns[1], difference.Place) && Is(patterns[2], difference.Ours) && Is(patterns[3], difference.Peers);

        // The place of a whole document has no name, which no pattern of FileSystemName matches.
        private static bool Is(string pattern, string text) => pattern == "*" || FileSystemName.MatchesSimpleExpression(Quoted(pattern), text, ignoreCase: false);

        // A backslash escapes in simple expressions, and means itself here.
        private static string Quoted(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal);
    }
}
