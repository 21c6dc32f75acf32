using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Linux;
using Podsharp.Linux.Processes;
using Podsharp.Linux.SystemdBus;
using Podsharp.Service.Wiring;

namespace Podsharp.Service.Rootless;

/// <summary>
/// The process that keeps an ordinary user's namespaces: "sleep infinity" born by unshare(1) and mapped by newuidmap(1) and newgidmap(1). It is
/// known by its pid and start time, written under a lock, so that two services starting at once share one.
/// </summary>
internal static class Holder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The pid of the holder that lives, or of a new one.</summary>
    public static int Ensure(string directory, uint user)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var file = Lock(Path.Join(directory, "holder"));
        using var reader = new StreamReader(file, leaveOpen: true);
        if (Alive(reader.ReadToEnd()) is { } living) return living;

        var pid = Start(user);
        file.SetLength(0);
        using var writer = new StreamWriter(file);
        writer.Write($"{pid} {StartTime(pid)}");
        return pid;
    }

    private static FileStream Lock(string path)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                // FileShare.None is an flock.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < end)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static int? Alive(string record) =>
        record.Split(' ') is [var pidText, var startTime]
        && int.TryParse(pidText, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
        && StartTime(pid) == startTime
            ? pid
            : null;

    // Field 22 of proc_pid_stat(5); the name in field 2 may hold spaces and parentheses.
    private static string? StartTime(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Start(uint user)
    {
        var unshare = ExecutablePath.Find("unshare") ?? throw UserNamespace.Missing("unshare", "util-linux");
        var sleep = ExecutablePath.Find("sleep") ?? throw UserNamespace.Missing("sleep", "coreutils");
        // Host mounts made later are to be seen inside, ours are not to be seen outside.
        var child = ChildProcess.Start(new Command(unshare, "--user", "--mount", "--propagation", "slave", sleep, "infinity") { NewSession = true });
        try
        {
            WaitForNamespace(child);
            Map("newuidmap", child.Pid, user, "/etc/subuid", user);
            Map("newgidmap", child.Pid, user, "/etc/subgid", GroupOfThisProcess());
            LeaveUnit(child.Pid);
            return child.Pid;
        }
        catch
        {
            child.Signal(9);
            throw;
        }
    }

    // In the service's own unit it would be a left-over each time that one starts; without the user's systemd it stays where it is.
    private static void LeaveUnit(int pid)
    {
        if (!ControlGroupChoice.HasUserSystemd) return;
        try
        {
            new SystemdManager(user: true).StartScopeAsync($"podsharp-holder-{pid}.scope", "user.slice", "User namespace of podsharp", pid).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is IOException or SystemCallException)
        {
            Console.Error.WriteLine($"podsharp-service: the keeper of the user namespace stays in this unit: {failure.Message}");
        }
    }

    private static void WaitForNamespace(ChildProcess child)
    {
        var own = new FileInfo("/proc/self/ns/user").LinkTarget;
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        // Its program is sleep when unshare has done its work.
        while (!IsSleeping(child.Pid, own))
        {
            if (child.Exited.IsCompleted || Environment.TickCount64 > end)
                throw EngineException.NotSupported("this kernel refuses user namespaces to ordinary users (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces or AppArmor)");
            Thread.Sleep(2);
        }
    }

    private static bool IsSleeping(int pid, string? ownNamespace)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm") == "sleep\n" && new FileInfo($"/proc/{pid}/ns/user").LinkTarget != ownNamespace;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Map(string tool, int pid, uint user, string file, uint id)
    {
        var program = ExecutablePath.Find(tool) ?? throw UserNamespace.Missing(tool, "uidmap");
        var arguments = new List<string> { pid.ToString(CultureInfo.InvariantCulture), "0", $"{id}", "1" };
        var next = 1L;
        foreach (var (start, count) in SubordinateIds.Read(file, Environment.UserName, user))
        {
            arguments.AddRange([$"{next}", $"{start}", $"{count}"]);
            next += count;
        }

        if (next == 1) throw EngineException.NotSupported($"{Environment.UserName} has no ids in {file}: add some, as in \"usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {Environment.UserName}\"");
        var result = ProcessRunner.RunAsync(new Command(program, arguments), CancellationToken.None).GetAwaiter().GetResult();
        if (!result.Succeeded) throw EngineException.Internal($"{tool} failed: {result.ErrorText.Trim()}");
    }

    private static uint GroupOfThisProcess()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Gid:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture);
    }
}
