namespace Podsharp.Testing.System;

/// <summary>What the kernel still holds of an engine and its containers.</summary>
public static class KernelTraces
{
    /// <returns>Mount points below a directory.</returns>
    public static string[] MountsBelow(string directory) =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(point => point.StartsWith(directory + "/", StringComparison.Ordinal))];

    /// <returns>"pid command line" of each process with the text in its command line.</returns>
    public static string[] ProcessesNaming(string text)
    {
        var found = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var pid) || pid == Environment.ProcessId) continue;
            if (CommandLine(pid) is { } line && line.Contains(text)) found.Add($"{pid} {line}");
        }

        return [.. found];
    }

    public static string[] CgroupsOf(IReadOnlyCollection<string> containers) =>
        [.. Directory.EnumerateDirectories("/sys/fs/cgroup", "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(path => containers.Any(container => Path.GetFileName(path).Contains(container)))];

    public static int DescriptorsOf(int pid) => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;

    public static int ThreadsOf(int pid) => Directory.GetDirectories($"/proc/{pid}/task").Length;

    /// <returns>Resident memory in bytes.</returns>
    public static long ResidentMemoryOf(int pid) => MemoryOf(pid, "VmRSS:");

    /// <returns>The most resident memory it has had, in bytes.</returns>
    public static long PeakMemoryOf(int pid) => MemoryOf(pid, "VmHWM:");

    public static bool IsAlive(int pid) => CommandLine(pid) is { Length: > 0 };

    private static long MemoryOf(int pid, string figure) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(figure, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;

    private static string? CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
