using System.Globalization;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network;

/// <summary>A running aardvark-dns, known by the file with its pid that it keeps in its directory.</summary>
internal sealed class NameServerProcess(string directory)
{
    public const string PidFile = "aardvark.pid";

    public bool IsRunning => Pid() is { } pid && IsServer(pid);

    /// <returns>false: it does not run.</returns>
    public bool Signal(int signal)
    {
        if (Pid() is not { } pid) return false;
        using var server = PidDescriptor.Open(pid);
        // Looked at while it is held: nobody else can have become this process.
        if (server is null || !IsServer(pid)) return false;
        PidDescriptor.Signal(server, signal);
        return true;
    }

    public static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private int? Pid() => ReadText(Path.Join(directory, PidFile)) is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    private static bool IsServer(int pid) => ReadText($"/proc/{pid}/comm") is { } name && name.StartsWith("aardvark", StringComparison.Ordinal);
}
