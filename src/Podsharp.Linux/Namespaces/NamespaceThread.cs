using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Namespaces;

/// <summary>
/// A thread that enters namespaces, does its work there and ends: namespaces belong to threads, and a thread of the pool that
/// came back from another namespace would carry it into other people's work.
/// </summary>
internal static partial class NamespaceThread
{
    private const int StackSize = 256 << 10;
    private const int Network = 0x40000000;

    /// <summary>Works in a network namespace that is there.</summary>
    public static Task RunAsync(SafeFileHandle networkNamespace, Action work) => RunAsync(() =>
    {
        if (Native.setns((int)networkNamespace.DangerousGetHandle(), Network) != 0) throw SystemCallException.Last("setns of a network namespace");
        work();
    });

    public static Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    work();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            },
            StackSize)
        {
            IsBackground = true,
            Name = "namespace",
        };
        thread.UnsafeStart();
        return done.Task;
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int setns(int descriptor, int kind);
    }
}
