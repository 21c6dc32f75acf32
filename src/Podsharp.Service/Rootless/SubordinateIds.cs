using System.Globalization;

namespace Podsharp.Service.Rootless;

/// <summary>subuid(5) and subgid(5).</summary>
internal static class SubordinateIds
{
    /// <summary>Ranges given to a user by name or by number.</summary>
    public static IReadOnlyList<(long Start, long Count)> Read(string file, string name, uint userId)
    {
        if (!File.Exists(file)) return [];
        return [.. File.ReadLines(file).Select(line => Range(line, name, userId)).OfType<(long, long)>()];
    }

    private static (long Start, long Count)? Range(string line, string name, uint userId)
    {
        if (line.Split(':') is not [var owner, var start, var count] || (owner != name && owner != userId.ToString(CultureInfo.InvariantCulture))) return null;
        return long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
            ? (first, size)
            : null;
    }
}
