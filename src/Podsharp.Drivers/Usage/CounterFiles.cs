using System.Globalization;
using Podsharp.Linux.Files;

namespace Podsharp.Drivers.Usage;

/// <summary>Small files of numbers, as the kernel writes them. What is not there, or no number, counts as nothing.</summary>
internal static class CounterFiles
{
    // None: the group has just gone, the controller isn't on, or the kernel is older than the file (ENODEV, EOPNOTSUPP).
    public static string Text(string? directory, string file) => directory is null ? "" : KernelFile.TryRead(Path.Join(directory, file)) ?? "";

    public static ulong Number(string? directory, string file) => Number(Text(directory, file));

    public static ulong Number(ReadOnlySpan<char> text) =>
        ulong.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Lines of a name and a number.</summary>
    public static Dictionary<string, ulong> Table(string text)
    {
        var table = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var blank = line.IndexOf(' ');
            if (blank > 0) table[line[..blank].ToString()] = Number(line[(blank + 1)..]);
        }

        return table;
    }
}
