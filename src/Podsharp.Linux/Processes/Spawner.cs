using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Processes;

/// <summary>posix_spawn(3): shares our memory until exec, so its cost does not grow with our heap.</summary>
internal static unsafe partial class Spawner
{
    private const short SetProcessGroup = 0x02;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    private const int DuplicateCloseOnExec = 1030;
    private const int ChildSignal = 17;

    // Larger than glibc's and musl's types of these names.
    private const int FileActionsSize = 256;
    private const int AttributesSize = 512;
    private const int SignalSetSize = 128;

    private static readonly SafeFileHandle Null = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    static Spawner() => KeepZombies();

    public static int Spawn(Command command)
    {
        using var arguments = new NativeStrings(command.Path, command.Arguments);
        using var environment = new NativeStrings(null, command.Environment);
        var attributes = stackalloc byte[AttributesSize];
        var actions = stackalloc byte[FileActionsSize];
        var duplicates = new List<SafeFileHandle>();

        Check(Native.posix_spawnattr_init(attributes), "posix_spawnattr_init");
        Check(Native.posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        try
        {
            SetAttributes(attributes, command);
            AddDescriptors(actions, command.Descriptors, duplicates);
            Check(Native.posix_spawn_file_actions_addchdir_np(actions, command.WorkingDirectory), "posix_spawn");
            int pid;
            int error;
            using (command.Label.Length > 0 ? new NextLabel(command.Label) : null)
                error = Native.posix_spawn(&pid, command.Path, actions, attributes, arguments.Array, environment.Array);
            return error == 0 ? pid : throw new SystemCallException($"cannot execute {command.Path}", error);
        }
        finally
        {
            _ = Native.posix_spawn_file_actions_destroy(actions);
            _ = Native.posix_spawnattr_destroy(attributes);
            foreach (var duplicate in duplicates) duplicate.Dispose();
        }
    }

    private static void SetAttributes(byte* attributes, Command command)
    {
        const int brokenPipe = 13;
        var signals = stackalloc byte[SignalSetSize];
        new Span<byte>(signals, SignalSetSize).Clear();
        Check(Native.posix_spawnattr_setsigmask(attributes, signals), "posix_spawnattr_setsigmask");
        // .NET ignores SIGPIPE, and an ignored signal stays ignored over exec.
        new Span<byte>(signals, SignalSetSize).Fill(0xff);
        if (command.IgnoresBrokenPipes) signals[(brokenPipe - 1) / 8] &= unchecked((byte)~(1 << ((brokenPipe - 1) % 8)));
        Check(Native.posix_spawnattr_setsigdefault(attributes, signals), "posix_spawnattr_setsigdefault");
        // A group of its own: a signal typed at our terminal is ours only.
        var group = command.NewSession ? SetSession : SetProcessGroup;
        Check(Native.posix_spawnattr_setflags(attributes, (short)(SetSignalDefaults | SetSignalMask | group)), "posix_spawnattr_setflags");
    }

    private static void AddDescriptors(byte* actions, IReadOnlyList<(int Own, int Child)> descriptors, List<SafeFileHandle> duplicates)
    {
        var last = 2;
        foreach (var (_, child) in descriptors) last = Math.Max(last, child);

        Span<bool> given = stackalloc bool[3];
        foreach (var (own, child) in descriptors)
        {
            if (child < 3) given[child] = true;
            AddDuplicate(actions, Above(own, last, duplicates), child);
        }

        for (var i = 0; i < 3; i++)
        {
            if (!given[i]) AddDuplicate(actions, Above((int)Null.DangerousGetHandle(), last, duplicates), i);
        }

        Check(Native.posix_spawn_file_actions_addclosefrom_np(actions, last + 1), "posix_spawn_file_actions_addclosefrom_np");
    }

    // A source whose number is also a target would be overwritten before its turn.
    private static int Above(int own, int last, List<SafeFileHandle> duplicates)
    {
        if (own > last) return own;
        var duplicate = Native.fcntl(own, DuplicateCloseOnExec, last + 1);
        if (duplicate < 0) throw SystemCallException.Last("fcntl(F_DUPFD_CLOEXEC)");
        duplicates.Add(new SafeFileHandle(duplicate, ownsHandle: true));
        return duplicate;
    }

    private static void AddDuplicate(byte* actions, int own, int child) =>
        Check(Native.posix_spawn_file_actions_adddup2(actions, own, child), "posix_spawn_file_actions_adddup2");

    // With SIGCHLD ignored (inherited from a careless parent) the kernel reaps children itself and exit codes are lost.
    private static void KeepZombies()
    {
        var action = stackalloc nint[32];
        if (Native.sigaction(ChildSignal, null, action) == 0 && action[0] == 1) Native.signal(ChildSignal, 0);
    }

    private static void Check(int error, string call)
    {
        if (error != 0) throw new SystemCallException(call, error);
    }

    private static partial class Native
    {
        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        public static partial int posix_spawn(int* pid, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

        [LibraryImport("libc")]
        public static partial int posix_spawnattr_init(byte* attributes);

        [LibraryImport("libc")]
        public static partial int posix_spawnattr_destroy(byte* attributes);

        [LibraryImport("libc")]
        public static partial int posix_spawnattr_setflags(byte* attributes, short flags);

        [LibraryImport("libc")]
        public static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

        [LibraryImport("libc")]
        public static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

        [LibraryImport("libc")]
        public static partial int posix_spawn_file_actions_init(byte* actions);

        [LibraryImport("libc")]
        public static partial int posix_spawn_file_actions_destroy(byte* actions);

        [LibraryImport("libc")]
        public static partial int posix_spawn_file_actions_adddup2(byte* actions, int own, int child);

        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        public static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

        [LibraryImport("libc")]
        public static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int first);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int fcntl(int fileDescriptor, int command, int argument);

        [LibraryImport("libc")]
        public static partial int sigaction(int signal, nint* replacement, nint* present);

        [LibraryImport("libc")]
        public static partial nint signal(int signal, nint handler);
    }
}
