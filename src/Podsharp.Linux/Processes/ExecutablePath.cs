namespace Podsharp.Linux.Processes;

/// <summary>Finds programs by name.</summary>
public static class ExecutablePath
{
    private static readonly string[] Directories =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Absolute path of an executable file: the name itself when it is a path, else from the usual directories; null when there is none.</summary>
    public static string? Find(string name, params ReadOnlySpan<string> furtherDirectories)
    {
        if (name.Contains('/', StringComparison.Ordinal)) return IsExecutable(name) ? Path.GetFullPath(name) : null;
        foreach (var directory in furtherDirectories)
        {
            if (IsExecutable(Path.Join(directory, name))) return Path.Join(directory, name);
        }

        foreach (var directory in Directories)
        {
            if (IsExecutable(Path.Join(directory, name))) return Path.Join(directory, name);
        }

        return null;
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & anyExecute) != 0;
    }
}
