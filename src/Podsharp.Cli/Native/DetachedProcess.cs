using System.Runtime.InteropServices;

namespace Podsharp.Cli.Native;

/// <summary>
/// A process in a session of its own that holds nothing of ours: no descriptor, no signal disposition, no terminal. The
/// framework's Process class can do none of the three.
/// </summary>
internal static unsafe partial class DetachedProcess
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int ReadOnly = 0;
    private const int AppendNew = 0x1 | 0x40 | 0x400; // O_WRONLY | O_CREAT | O_APPEND
    private const int NoHang = 1;

    // Larger than glibc's posix_spawnattr_t (336), posix_spawn_file_actions_t (80) and sigset_t (128).
    private const int Room = 512;

    /// <returns>The process id.</returns>
    public static int Start(string program, IReadOnlyList<string> arguments, string outputFile)
    {
        var attributes = stackalloc byte[Room];
        var actions = stackalloc byte[Room];
        var signals = stackalloc byte[Room];
        Check(AttributesInit(attributes));
        Check(ActionsInit(actions));
        var names = new List<nint>();
        try
        {
            _ = FillSignals(signals);
            Check(SetDefaults(attributes, signals));
            _ = EmptySignals(signals);
            Check(SetMask(attributes, signals));
            Check(SetFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession));
            Check(AddOpen(actions, 0, "/dev/null", ReadOnly, 0));
            Check(AddOpen(actions, 1, outputFile, AppendNew, 0x180 /* 0600 */));
            Check(AddDuplicate(actions, 1, 2));
            Check(AddCloseFrom(actions, 3));

            var argv = Vector([program, .. arguments], names);
            var variables = Environment.GetEnvironmentVariables();
            var environment = Vector([.. variables.Keys.Cast<string>().Select(name => $"{name}={variables[name]}")], names);
            fixed (nint* argvStart = argv, environmentStart = environment)
            {
                Check(Spawn(out var pid, program, actions, attributes, argvStart, environmentStart), program);
                return pid;
            }
        }
        finally
        {
            foreach (var name in names) Marshal.FreeCoTaskMem(name);
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    /// <summary>True once the process, started here, has ended; it is reaped then.</summary>
    public static bool HasEnded(int pid) => WaitPid(pid, out _, NoHang) == pid;

    private static nint[] Vector(IReadOnlyList<string> words, List<nint> toFree)
    {
        var vector = new nint[words.Count + 1];
        for (var i = 0; i < words.Count; i++) toFree.Add(vector[i] = Marshal.StringToCoTaskMemUTF8(words[i]));
        return vector;
    }

    private static void Check(int error, string what = "posix_spawn")
    {
        if (error != 0) throw new CliFailure($"cannot start {what}: {Marshal.GetPInvokeErrorMessage(error)}", ExitCodes.EngineFailed);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string path, byte* actions, byte* attributes, nint* argv, nint* environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int AddCloseFrom(byte* actions, int from);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitPid(int pid, out int status, int options);
}
