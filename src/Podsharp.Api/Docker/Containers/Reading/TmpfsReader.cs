using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>An entry of the tmpfs map: a path and mount options, "size=64m,mode=1777,noexec".</summary>
internal static class TmpfsReader
{
    private static readonly HashSet<string> Flags =
    [
        "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "sync", "async", "dirsync", "mand", "nomand", "atime", "noatime",
        "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "defaults", "noswap",
        "private", "rprivate", "shared", "rshared", "slave", "rslave",
    ];

    private static readonly HashSet<string> Keys = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol", "huge"];

    public static MountRequest Read(string target, string options)
    {
        var words = new List<string>();
        var request = new MountRequest { Kind = MountKind.Tmpfs, Target = MountTarget.Read(target, ""), WrittenMode = options };
        foreach (var word in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "ro") request = request with { ReadOnly = true };
            else if (word.StartsWith("mode=", StringComparison.Ordinal)) request = request with { TmpfsMode = Mode(word) };
            else if (Size(word) is { } size) request = request with { TmpfsSize = size };
            else if (word is not ("rw" or "defaults")) words.Add(word);
        }

        CheckWords(words);
        return request with { Options = words };
    }

    public static void CheckWords(IReadOnlyList<string> words)
    {
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 ? !Flags.Contains(word) : !Keys.Contains(word[..equals]) || equals == word.Length - 1)
                throw EngineException.InvalidInput($"Invalid tmpfs option [\"{word}\"]");
        }
    }

    private static int Mode(string word)
    {
        var text = word["mode=".Length..];
        return text.Length is > 0 and <= 5 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) is <= 4095 and var mode
            ? mode
            : throw EngineException.InvalidInput($"Invalid tmpfs option [\"{word}\"]");
    }

    // Null: no size, or a share of the memory ("50%"), which the kernel works out.
    private static long? Size(string word)
    {
        if (!word.StartsWith("size=", StringComparison.Ordinal) || word.EndsWith('%')) return null;
        var text = word["size=".Length..];
        var shift = text.Length == 0 ? 0 : char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var digits = shift == 0 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> shift
            ? number << shift
            : throw EngineException.InvalidInput($"Invalid tmpfs option [\"{word}\"]");
    }
}
