using System.Globalization;
using System.Text;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network.Rootless;

/// <summary>
/// pasta in the background, known by the namespace on its command line: its AppArmor profile lets it write a pid file only in few places.
/// </summary>
internal static class PastaProcess
{
    private const int Terminate = 15;
    private const int Kill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<int> Find(string namespacePath) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(static entry => int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Serves(pid, namespacePath)),
    ];

    /// <summary>Its ports are free when this returns. No error when it is gone.</summary>
    public static async Task EndAsync(string namespacePath)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        for (var signal = Terminate; Find(namespacePath) is { Count: > 0 } pids; signal = Environment.TickCount64 < end ? Terminate : Kill)
        {
            foreach (var pid in pids)
            {
                using var process = PidDescriptor.Open(pid);
                // The pid may have become somebody else's since.
                if (process is not null && Serves(pid, namespacePath)) PidDescriptor.Signal(process, signal);
            }

            await Task.Delay(5);
        }
    }

    public static bool Serves(int pid, string namespacePath)
    {
        try
        {
            var arguments = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return arguments is [var program, .., "--netns", var path]
                && Path.GetFileName(program.AsSpan()).StartsWith("pasta", StringComparison.Ordinal) && path == namespacePath;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
