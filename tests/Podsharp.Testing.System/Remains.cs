namespace Podsharp.Testing.System;

/// <summary>Clears the machine of a test's service, also of one that failed its test or whose test run was killed.</summary>
internal static class Remains
{
    public const string Prefix = "/var/tmp/podsharp-test-";

    private static readonly Lazy<Task> Swept = new(SweepOnceAsync);

    /// <summary>Takes away what runs have left that are no more, once in a process.</summary>
    public static Task SweepAsync() => Swept.Value;

    /// <summary>Ends the processes that name the directory, takes down its mounts and removes it.</summary>
    public static async Task ClearAsync(string directory)
    {
        await QuietAsync(directory);
        if (KernelTraces.MountsBelow(directory).Length > 0) return;
        // A store of gigabytes on a disk that others use takes its time.
        await (new Command("rm", "-rf", "--one-file-system", directory) with { Timeout = TimeSpan.FromMinutes(10) }).RunAsync();
    }

    /// <summary>Ends the processes that name the directory and takes down its mounts and its containers' control groups.</summary>
    public static async Task QuietAsync(string directory)
    {
        var containers = ContainersOf(directory);
        for (var round = 0; round < 5 && KernelTraces.ProcessesNaming(directory) is { Length: > 0 } processes; round++)
        {
            foreach (var process in processes) await EndAsync(process.Split(' ')[0]);
            await Task.Delay(100);
        }

        await OrdinaryUser.EndHolderAsync(directory);
        foreach (var mount in KernelTraces.MountsBelow(directory).Reverse()) await new Command("umount", "-l", mount).RunAsync();
        if (containers.Length > 0) await RemoveControlGroupsAsync(containers);
    }

    private static string[] ContainersOf(string directory) =>
        [.. ((string[])["run/containers", "root/containers"]).Select(part => Path.Join(directory, part)).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories).Select(path => Path.GetFileName(path)).Where(name => name.Length == 64).Distinct()];

    // Inner ones first; one is busy until its last process has gone. What a service started while its monitors were being ended has no monitor that names it.
    private static async Task RemoveControlGroupsAsync(string[] containers)
    {
        foreach (var group in KernelTraces.CgroupsOf(containers).SelectMany(group => Directory.EnumerateDirectories(group).Append(group)))
        {
            for (var attempt = 0; attempt < 50 && !IsRemoved(group); attempt++)
            {
                foreach (var process in ProcessesIn(group)) await new Command("kill", "-KILL", process).RunAsync();
                await Task.Delay(20);
            }
        }
    }

    private static string[] ProcessesIn(string group)
    {
        try
        {
            return File.ReadAllLines(Path.Join(group, "cgroup.procs"));
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static bool IsRemoved(string group)
    {
        try
        {
            Directory.Delete(group);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task SweepOnceAsync()
    {
        Directory.CreateDirectory("/var/tmp");
        foreach (var directory in Directory.EnumerateDirectories("/var/tmp", Path.GetFileName(Prefix) + "*"))
        {
            if (!int.TryParse(directory[Prefix.Length..].Split('-')[0], out var run) || KernelTraces.IsAlive(run)) continue;
            await ClearAsync(directory);
            await new Command("ip", "netns", "del", Path.GetFileName(directory)).RunAsync();
        }
    }

    // conmon's child is the container's init, which does not name the directory.
    private static async Task EndAsync(string pid)
    {
        var children = (await new Command("ps", "-o", "pid=", "--ppid", pid).RunAsync()).Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var child in (string[])[.. children, pid]) await new Command("kill", "-KILL", child).RunAsync();
    }
}
