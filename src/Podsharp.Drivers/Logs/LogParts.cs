using System.Globalization;
using Podsharp.Linux.Files;

namespace Podsharp.Drivers.Logs;

/// <summary>One of the files that a log consists of.</summary>
/// <param name="Number">Later files have higher numbers.</param>
/// <param name="Path">A name that stays the file's own.</param>
/// <param name="Compressed">By gzip, in place of the file that had this number.</param>
internal readonly record struct LogPart(int Number, string Path, ulong Inode, bool Compressed = false);

/// <summary>
/// The files of one log. conmon writes PATH, and at the size limit renames a new file over it. Where older files are to be kept, each is linked a second
/// time while it is written, as PATH.1, PATH.2 …, so that it outlives its replacement whoever is running then. PATH.1.gz is what the first was compressed to.
/// </summary>
internal static class LogParts
{
    /// <summary>Oldest first; the last is the one being written. One without a link has the number that the link would have.</summary>
    public static IReadOnlyList<LogPart> Of(string path)
    {
        var parts = Links(path);
        if (FileHandles.Status(path) is not { } current || parts.Any(part => part.Inode == current.Inode)) return parts;
        parts.Add(new LogPart(parts.Count > 0 ? parts[^1].Number + 1 : 1, path, current.Inode));
        return parts;
    }

    /// <summary>Links the file being written, where it is not yet, and drops the oldest ones beyond <paramref name="files"/>.</summary>
    public static void Keep(string path, int files)
    {
        var parts = Of(path);
        if (parts.Count == 0) return;
        if (parts[^1].Path == path)
        {
            using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
            directory.MakeLink(directory, Path.GetFileName(path), $"{Path.GetFileName(path)}.{parts[^1].Number.ToString(CultureInfo.InvariantCulture)}");
        }

        foreach (var old in parts.SkipLast(files)) File.Delete(old.Path);
    }

    private static List<LogPart> Links(string path)
    {
        var parts = new List<LogPart>();
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory)) return parts;
        foreach (var link in Directory.EnumerateFiles(directory))
        {
            if (!link.StartsWith(path + ".", StringComparison.Ordinal)) continue;
            var compressed = link.EndsWith(LogCompression.Ending, StringComparison.Ordinal);
            var digits = link.AsSpan(path.Length + 1);
            if (compressed) digits = digits[..^LogCompression.Ending.Length];
            // conmon's own new file, and one that is being compressed, end in .tmp for a moment.
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && FileHandles.Status(link) is { } status)
                parts.Add(new LogPart(number, link, status.Inode, compressed));
        }

        // Where a file has just been compressed and not yet been taken away, it counts.
        parts.Sort(static (one, other) => (one.Number, one.Compressed).CompareTo((other.Number, other.Compressed)));
        for (var index = parts.Count - 1; index > 0; index--)
            if (parts[index].Number == parts[index - 1].Number) parts.RemoveAt(index);
        return parts;
    }
}
