namespace Podsharp.Drivers.OciRuntime;

/// <summary>
/// Takes the kernel's control group migration lock once, ahead of a runtime that is about to need it. Its first taker waits for an RCU grace
/// period (10 ms and more, a third of a whole start); whoever comes soon after does not. So the wait runs beside what comes before the runtime.
/// </summary>
internal sealed class MigrationLock
{
    private const string Top = "/sys/fs/cgroup";

    private readonly string? _file = OwnGroupFile(ReadMembership());
    private int _busy;
    private volatile bool _refused;

    /// <summary>Returns at once; at most one thread waits.</summary>
    public void Anticipate()
    {
        if (_file is null || _refused || Interlocked.Exchange(ref _busy, 1) != 0) return;
        ThreadPool.UnsafeQueueUserWorkItem(static owner => owner.Take(), this, preferLocal: false);
    }

    /// <summary>cgroup.procs of our own group; null where none is found.</summary>
    internal static string? OwnGroupFile(string membership)
    {
        foreach (var line in membership.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(':', 3);
            if (fields.Length < 3 || (fields[0] != "0" && fields[1] != "pids")) continue;
            var file = Path.Join(Top, fields[1], fields[2], "cgroup.procs");
            if (File.Exists(file)) return file;
        }

        return null;
    }

    // "0" is the writer's own process, which goes where it is: nothing moves, and the lock is taken all the same.
    private void Take()
    {
        try
        {
            File.WriteAllText(_file!, "0");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _refused = true;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private static string ReadMembership()
    {
        try
        {
            return File.ReadAllText("/proc/self/cgroup");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
