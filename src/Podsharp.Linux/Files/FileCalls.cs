using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Files;

/// <summary>The kernel's file calls as they are; everything else in this room wraps them.</summary>
internal static unsafe partial class FileCalls
{
    public const long OpenAt2Number = 437;
    public const int StatusMask = 0x7ff;
    public const int NoFollow = 0x100;
    public const int RemoveDirectoryFlag = 0x200;
    public const int SymlinkFollow = 0x400;
    public const int EmptyPath = 0x1000;

    /// <summary>AT_FDCWD.</summary>
    public static readonly SafeFileHandle WorkingDirectory = new(-100, ownsHandle: false);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long syscall(long number, SafeFileHandle directory, byte* path, OpenHow* how, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int statx(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, int flags, uint mask, StatusRecord* status);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdirat(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, uint mode);

    // glibc's mknodat wants dev_t as 64 bits on both architectures.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int mknodat(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int symlinkat(
        [MarshalUsing(typeof(PathMarshaller))] string target, SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int linkat(
        SafeFileHandle oldDirectory, [MarshalUsing(typeof(PathMarshaller))] string oldPath,
        SafeFileHandle newDirectory, [MarshalUsing(typeof(PathMarshaller))] string newPath, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat(
        SafeFileHandle oldDirectory, [MarshalUsing(typeof(PathMarshaller))] string oldPath,
        SafeFileHandle newDirectory, [MarshalUsing(typeof(PathMarshaller))] string newPath);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat2(
        SafeFileHandle oldDirectory, [MarshalUsing(typeof(PathMarshaller))] string oldPath,
        SafeFileHandle newDirectory, [MarshalUsing(typeof(PathMarshaller))] string newPath, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchownat(
        SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, uint userId, uint groupId, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchown(SafeFileHandle file, uint userId, uint groupId);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(SafeFileHandle file, nuint request, int* argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmodat(SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, uint mode, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int utimensat(
        SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, TimeSpecification* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int futimens(SafeFileHandle file, TimeSpecification* times);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlinkat(
        SafeFileHandle directory, [MarshalUsing(typeof(PathMarshaller))] string path, byte* buffer, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint getdents64(SafeFileHandle directory, byte* buffer, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(SafeFileHandle file, byte* buffer, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(SafeFileHandle file, byte* buffer, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(SafeFileHandle file, long offset, int origin);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ftruncate(SafeFileHandle file, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int syncfs(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fstatfs(SafeFileHandle file, byte* status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int fsetxattr(SafeFileHandle file, string name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int setxattr([MarshalUsing(typeof(PathMarshaller))] string path, string name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint getxattr([MarshalUsing(typeof(PathMarshaller))] string path, string name, byte* value, nint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int lsetxattr([MarshalUsing(typeof(PathMarshaller))] string path, string name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint lgetxattr([MarshalUsing(typeof(PathMarshaller))] string path, string name, byte* value, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint llistxattr([MarshalUsing(typeof(PathMarshaller))] string path, byte* list, nint size);

    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct StatusTime
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }

    /// <summary>struct statx, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct StatusRecord
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint Links;
        public uint UserId;
        public uint GroupId;
        public ushort Mode;
        public ushort Spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public StatusTime Accessed;
        public StatusTime Born;
        public StatusTime Changed;
        public StatusTime Modified;
        public uint DeviceMajor;
        public uint DeviceMinor;
        public uint FileSystemMajor;
        public uint FileSystemMinor;
    }
}
