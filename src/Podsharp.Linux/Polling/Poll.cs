using System.Runtime.InteropServices;

namespace Podsharp.Linux.Polling;

/// <summary>poll(2) for a thread that may block.</summary>
internal static unsafe partial class Poll
{
    private const int Readable = 1;

    /// <summary>Returns when one of the two can be read, after so many milliseconds (−1: never), or on a signal.</summary>
    public static void In(int one, int other, int timeout)
    {
        // struct pollfd: int descriptor, short events, short what has happened.
        var entries = stackalloc int[4] { one, Readable, other, Readable };
        if (Native.poll(entries, 2, timeout) < 0 && Marshal.GetLastPInvokeError() is not ErrorNumber.Interrupted and var error)
            throw new SystemCallException("poll", error);
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int poll(int* entries, nuint count, int timeout);
    }
}
