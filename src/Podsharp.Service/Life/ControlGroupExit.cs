namespace Podsharp.Service.Life;

/// <summary>Moves this process to the root of each control group hierarchy, as far as it may.</summary>
internal static class ControlGroupExit
{
    private const string Mount = "/sys/fs/cgroup";

    public static void Leave()
    {
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path] || path == "/") continue;
            var hierarchy = controllers.Length == 0 ? Unified() : Path.Join(Mount, controllers.Replace("name=", "", StringComparison.Ordinal));
            try
            {
                // Opened as it is: a new file must never be made here.
                using var file = new FileStream(Path.Join(hierarchy, "cgroup.procs"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                file.Write("0\n"u8);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // An ordinary user, or a hierarchy that is not mounted: then the service stays where it is.
            }
        }
    }

    private static string Unified()
    {
        var hybrid = Path.Join(Mount, "unified");
        return Directory.Exists(hybrid) ? hybrid : Mount;
    }
}
