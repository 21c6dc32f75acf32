using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Processes;

/// <summary>pidfd_open(2) and what works on it.</summary>
public static unsafe partial class PidDescriptor
{
    // The same numbers on every architecture.
    private const long SendSignal = 424;
    private const long OpenNumber = 434;

    private const int ByDescriptor = 3;
    private const int Exited = 4;
    private const int CodeExited = 1;

    /// <summary>Null when there is no such process.</summary>
    public static SafeFileHandle? Open(int pid)
    {
        var descriptor = Native.syscall(OpenNumber, pid, 0, 0, 0);
        if (descriptor >= 0) return new SafeFileHandle((nint)descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        return error is ErrorNumber.NoProcess or ErrorNumber.Invalid ? null : throw new SystemCallException("pidfd_open", error);
    }

    /// <summary>Null when no process with this pid and start time (0: any) lives. A process that has ended but is not reaped does not live.</summary>
    public static SafeFileHandle? OpenExactly(int pid, long startTime)
    {
        if (pid <= 0 || Open(pid) is not { } process) return null;
        // Read after opening: what we hold now cannot be replaced by another.
        if (ProcessStatus.Read(pid) is { IsDead: false } status && (startTime == 0 || status.StartTime == startTime)) return process;
        process.Dispose();
        return null;
    }

    /// <summary>False when the process is gone.</summary>
    public static bool Signal(SafeFileHandle process, int signal)
    {
        if (Native.syscall(SendSignal, process.DangerousGetHandle(), signal, 0, 0) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == ErrorNumber.NoProcess ? false : throw new SystemCallException("pidfd_send_signal", error);
    }

    /// <summary>Reaps an own child that has ended: its exit code or 128 + signal; −1 when somebody else has reaped it.</summary>
    internal static int Reap(SafeFileHandle child)
    {
        // siginfo_t: si_code at 8, si_status at 24.
        var information = stackalloc int[32];
        int result;
        do
        {
            result = Native.waitid(ByDescriptor, (uint)child.DangerousGetHandle(), information, Exited);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == ErrorNumber.Interrupted);

        if (result < 0) return -1;
        return information[2] == CodeExited ? information[6] : 128 + information[6];
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial long syscall(long number, nint first, nint second, nint third, nint fourth);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int waitid(int kind, uint id, int* information, int options);
    }
}
