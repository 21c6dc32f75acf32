using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Files;

namespace Podsharp.Linux.Mounts;

/// <summary>mount(2) and what belongs to it.</summary>
public static unsafe partial class MountPoint
{
    public const int Busy = 16;
    private const int Detach = 2;
    private const int DoNotFollow = 8;
    private const ulong MountRootAttribute = 0x2000;

    /// <param name="data">Options of the file system itself; less than a page.</param>
    public static void Mount(string source, string target, string type, MountFlags flags, string data)
    {
        if (Native.mount(source, target, type, (nuint)(uint)flags, data) < 0) throw SystemCallException.Last($"mount {type} on {target}");
    }

    /// <summary>Binds what a descriptor stands for, whatever its path means by now.</summary>
    public static void Bind(SafeFileHandle opened, string target) =>
        Mount(FileHandles.ProcPath(opened), target, "", MountFlags.Bind, "");

    /// <summary>Unmounts; a busy mount is detached and ends with its last user.</summary>
    /// <returns>False when nothing was mounted there.</returns>
    public static bool Unmount(string target)
    {
        if (Native.umount2(target, DoNotFollow) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        if (error == Busy)
        {
            if (Native.umount2(target, DoNotFollow | Detach) == 0) return true;
            error = Marshal.GetLastPInvokeError();
        }

        return error is ErrorNumber.Invalid or ErrorNumber.NoEntry ? false : throw new SystemCallException($"umount {target}", error);
    }

    /// <summary>Whether something is mounted right at this path.</summary>
    public static bool IsMounted(string path)
    {
        FileCalls.StatusRecord record;
        if (FileCalls.statx(FileCalls.WorkingDirectory, path, FileCalls.NoFollow, 0, &record) < 0) return false;
        return (record.AttributesMask & MountRootAttribute) != 0
            ? (record.Attributes & MountRootAttribute) != 0
            : MountTable.Read().Any(mount => mount.Target == path);
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int mount(
            string source, [MarshalUsing(typeof(PathMarshaller))] string target, string type, nuint flags, [MarshalUsing(typeof(PathMarshaller))] string data);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int umount2([MarshalUsing(typeof(PathMarshaller))] string target, int flags);
    }
}

/// <summary>Flags of mount(2).</summary>
[Flags]
public enum MountFlags : uint
{
    None = 0,
    ReadOnly = 1,
    NoSetId = 2,
    NoDevices = 4,
    NoExecution = 8,
    Synchronous = 16,
    Remount = 32,
    MandatoryLocks = 64,
    DirectorySync = 128,
    NoAccessTime = 1024,
    NoDirectoryAccessTime = 2048,
    Bind = 4096,
    Recursive = 16384,
    Unbindable = 1 << 17,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
    RelativeAccessTime = 1 << 21,
    StrictAccessTime = 1 << 24,
}
