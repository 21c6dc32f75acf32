using System.Text;
using Podsharp.Linux.Files;

namespace Podsharp.Linux.Mounts;

/// <summary>One line of mountinfo (proc_pid_mountinfo(5)).</summary>
public sealed record MountEntry(string Root, string Target, string Options, string Type, string Source, string SuperOptions)
{
    /// <summary>Mounts made below it are passed on to its peers.</summary>
    public bool IsShared { get; init; }

    /// <summary>Mounts made below its master come here.</summary>
    public bool IsSlave { get; init; }
}

public static class MountTable
{
    public static IReadOnlyList<MountEntry> Read() => Parse(File.ReadAllLines("/proc/thread-self/mountinfo"));

    /// <summary>The mount that a path lies on; null when the table does not hold it.</summary>
    public static MountEntry? Holding(string path) =>
        Read().Where(mount => mount.Target == "/" || path == mount.Target || path.StartsWith(mount.Target + "/", StringComparison.Ordinal))
            // Of several at one place the last lies on top.
            .Reverse().MaxBy(mount => mount.Target.Length);

    internal static IReadOnlyList<MountEntry> Parse(IEnumerable<string> lines)
    {
        var mounts = new List<MountEntry>();
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-", 6 <= fields.Length ? 6 : 0);
            if (dash < 0 || dash + 3 >= fields.Length) continue;
            var entry = new MountEntry(Unescape(fields[3]), Unescape(fields[4]), fields[5], fields[dash + 1], Unescape(fields[dash + 2]), fields[dash + 3]);
            var optional = fields[6..dash];
            mounts.Add(entry with
            {
                IsShared = optional.Any(static field => field.StartsWith("shared:", StringComparison.Ordinal)),
                IsSlave = optional.Any(static field => field.StartsWith("master:", StringComparison.Ordinal)),
            });
        }

        return mounts;
    }

    /// <summary>The kernel writes space, tab, newline and backslash as three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var result = new List<byte>(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\\' && i + 3 < bytes.Length)
            {
                result.Add((byte)(((bytes[i + 1] - '0') << 6) | ((bytes[i + 2] - '0') << 3) | (bytes[i + 3] - '0')));
                i += 3;
            }
            else
            {
                result.Add(bytes[i]);
            }
        }

        return PathText.FromBytes(result.ToArray());
    }
}
