using System.Runtime.InteropServices;
using Podsharp.Linux.Processes;

namespace Podsharp.Linux.Self;

/// <summary>What a process may change about itself.</summary>
public static unsafe partial class ThisProcess
{
    private const int GetDescriptorFlags = 1;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExecFlag = 1;

    public static uint EffectiveUserId => Native.geteuid();

    /// <summary>Modes of new files are masked by this from now on.</summary>
    public static void SetUmask(uint mask) => _ = Native.umask(mask);

    /// <summary>Keeps an inherited descriptor from our children. <see cref="SystemCallException"/> when it is not open.</summary>
    public static void CloseOnExec(int descriptor)
    {
        var flags = Native.fcntl(descriptor, GetDescriptorFlags, 0);
        if (flags < 0 || Native.fcntl(descriptor, SetDescriptorFlags, flags | CloseOnExecFlag) < 0)
            throw SystemCallException.Last($"fcntl of descriptor {descriptor}");
    }

    /// <summary>
    /// Becomes another program: same process id, same open descriptors, other threads gone. Returns only by
    /// <see cref="SystemCallException"/>.
    /// </summary>
    /// <param name="environment">NAME=VALUE.</param>
    public static void Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        using var nativeArguments = new NativeStrings(path, arguments);
        using var nativeEnvironment = new NativeStrings(null, environment);
        _ = Native.execve(path, nativeArguments.Array, nativeEnvironment.Array);
        throw SystemCallException.Last($"cannot execute {path}");
    }

    private static partial class Native
    {
        [LibraryImport("libc")]
        public static partial uint geteuid();

        [LibraryImport("libc")]
        public static partial uint umask(uint mask);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int fcntl(int descriptor, int command, int argument);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int execve(string path, byte** arguments, byte** environment);
    }
}
