using Podsharp.Linux.Files;

namespace Podsharp.Storage.Layers;

/// <summary>Holds the files of a layer against those that its tar gives. Their content is not looked at: the digest speaks for it.</summary>
internal static class LayerComparison
{
    /// <summary>Null when there is none, else where it is and what, in a few words.</summary>
    public static string? FirstDifference(string present, string expected)
    {
        using var one = DirectoryHandle.Open(present);
        using var other = DirectoryHandle.Open(expected);
        if (one.Status() is { } found && other.Status() is { } wanted && Difference(found, wanted) is { } difference) return $"its root {difference}";
        return Attributes(one, "").SequenceEqual(Attributes(other, "")) ? OfChildren(one, other, "") : "its root has other extended attributes";
    }

    private static string? OfChildren(DirectoryHandle present, DirectoryHandle expected, string path)
    {
        var names = present.List().ToHashSet(StringComparer.Ordinal);
        foreach (var name in expected.List().Order(StringComparer.Ordinal))
        {
            var child = path.Length == 0 ? name : $"{path}/{name}";
            if (!names.Remove(name)) return $"{child} is missing";
            if (OfOne(present, expected, name, child) is { } difference) return difference;
        }

        return names.Count == 0 ? null : $"{(path.Length == 0 ? "" : path + "/")}{names.Order(StringComparer.Ordinal).First()} is not the layer's";
    }

    private static string? OfOne(DirectoryHandle present, DirectoryHandle expected, string name, string path)
    {
        if (present.Status(name) is not { } found || expected.Status(name) is not { } wanted) return $"{path} is missing";
        if ((found.Kind, wanted.Kind) is (FileKind.SymbolicLink, FileKind.SymbolicLink)
            && (present.ReadLink(name), expected.ReadLink(name)) is var (target, right) && target != right)
            return $"{path} points to {target}, not {right}";
        if (Difference(found, wanted) is { } difference) return $"{path} {difference}";
        if (!Attributes(present, name).SequenceEqual(Attributes(expected, name))) return $"{path} has other extended attributes";
        if (wanted.Kind != FileKind.Directory) return null;
        using var one = present.OpenDirectory(name, PathResolution.NoSymbolicLinks);
        using var other = expected.OpenDirectory(name, PathResolution.NoSymbolicLinks);
        return OfChildren(one, other, path);
    }

    private static string? Difference(FileStatus present, FileStatus expected)
    {
        if (present.Kind != expected.Kind) return $"is a {Word(present.Kind)}, not a {Word(expected.Kind)}";
        // A link's mode means nothing.
        if (present.Kind != FileKind.SymbolicLink && present.Mode != expected.Mode) return $"has the mode {Octal(present.Mode)}, not {Octal(expected.Mode)}";
        if ((present.UserId, present.GroupId) != (expected.UserId, expected.GroupId))
            return $"belongs to {present.UserId}:{present.GroupId}, not {expected.UserId}:{expected.GroupId}";
        if (present.Kind == FileKind.Regular && present.Size != expected.Size) return $"has {present.Size} bytes, not {expected.Size}";
        if (present.Modified != expected.Modified && !IsOfNow(expected.Modified)) return "has another time of change";
        return (present.DeviceMajor, present.DeviceMinor) == (expected.DeviceMajor, expected.DeviceMinor) ? null : "is another device";
    }

    // Whiteouts, and directories that no entry speaks of, have the time at which they were made: a moment ago, and once before.
    private static bool IsOfNow(FileTime time) => Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - time.Seconds) < TimeSpan.SecondsPerDay;

    private static IEnumerable<string> Attributes(DirectoryHandle directory, string name) => ExtendedAttributes.List(directory, name)
        .Where(static attribute => attribute != ExtendedAttributes.Label)
        .Select(attribute => attribute + "=" + Convert.ToHexString(ExtendedAttributes.Get(directory, name, attribute) ?? []))
        .Order(StringComparer.Ordinal);

    private static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    private static string Word(FileKind kind) => kind switch
    {
        FileKind.Regular => "file",
        FileKind.Directory => "directory",
        FileKind.SymbolicLink => "link",
        FileKind.Pipe => "pipe",
        FileKind.Socket => "socket",
        _ => "device",
    };
}
