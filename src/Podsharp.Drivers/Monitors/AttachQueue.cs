namespace Podsharp.Drivers.Monitors;

/// <summary>
/// Waits until conmon has taken the connections to its attach socket. It takes one in each round, and passes on what the container writes to those it has
/// taken: of two that come just before the start the second could miss a short container's words.
/// </summary>
internal static class AttachQueue
{
    private const string Waiting = "02", Name = "/attach";
    private const int StateColumn = 5, PathColumn = 7;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1), Limit = TimeSpan.FromMilliseconds(100);

    public static async Task EmptyAsync()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (File.ReadLines("/proc/net/unix").Any(IsWaiting) && clock.Elapsed < Limit) await Task.Delay(Pause);
    }

    // One that nobody has taken is shown as connecting, under the path that conmon knows its socket by: /proc/self/fd/N/attach.
    internal static bool IsWaiting(string line)
    {
        if (!line.EndsWith(Name, StringComparison.Ordinal)) return false;
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns.Length > PathColumn && columns[StateColumn] == Waiting;
    }
}
