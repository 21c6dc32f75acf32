using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Files;

/// <summary>How openat2(2) follows a path.</summary>
[Flags]
public enum PathResolution : ulong
{
    None = 0,

    /// <summary>No mount point may be crossed.</summary>
    NoMounts = 0x01,
    NoMagicLinks = 0x02,
    NoSymbolicLinks = 0x04,

    /// <summary>An absolute path or link, or a ".." that leads above the directory, is an error (EXDEV).</summary>
    Beneath = 0x08 | NoMagicLinks,

    /// <summary>The directory is "/" for absolute paths, absolute links and "..".</summary>
    InRoot = 0x10 | NoMagicLinks,
}

/// <summary>
/// An open directory and what can be done below it. Methods that take a path resolve it with the directory as root, so that
/// nothing leads outside; methods that take a name act on a direct child and never follow it. All throw <see cref="SystemCallException"/>.
/// </summary>
public sealed unsafe class DirectoryHandle : IDisposable
{
    private static readonly int ReadDirectory = FileFlags.Directory | FileFlags.CloseOnExec;

    private DirectoryHandle(SafeFileHandle handle) => Handle = handle;

    public SafeFileHandle Handle { get; }

    /// <summary>A path by which other calls reach this directory while it is open.</summary>
    public string ProcPath => FileHandles.ProcPath(Handle);

    public static DirectoryHandle Open(string path) => TryOpen(path) ?? throw new SystemCallException($"open {path}", ErrorNumber.NoEntry);

    /// <summary>Null when nothing is there; whatever else keeps it from being opened is thrown.</summary>
    public static DirectoryHandle? TryOpen(string path)
    {
        var descriptor = FileCalls.openat(FileCalls.WorkingDirectory, path, ReadDirectory, 0);
        if (descriptor >= 0) return new DirectoryHandle(new SafeFileHandle(descriptor, ownsHandle: true));
        var error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        return error == ErrorNumber.NoEntry ? null : throw new SystemCallException($"open {path}", error);
    }

    /// <summary>
    /// Tells the file system that what is in this directory is unrelated (FS_TOPDIR_FL, chattr(1) T): ext4 gives each child directory a
    /// part of the disk with room, where new files need not search past inodes that are taken or were just freed. False where there is no such flag.
    /// </summary>
    public bool TrySpreadChildren()
    {
        const nuint getFlags = 0x80086601;
        const nuint setFlags = 0x40086602;
        const int topDirectory = 0x00020000;
        // The calls are declared with a long and use an int.
        var flags = stackalloc int[2];
        if (FileCalls.ioctl(Handle, getFlags, flags) != 0) return false;
        if ((flags[0] & topDirectory) != 0) return true;
        flags[0] |= topDirectory;
        return FileCalls.ioctl(Handle, setFlags, flags) == 0;
    }

    public DirectoryHandle OpenDirectory(string path, PathResolution resolution = PathResolution.InRoot) =>
        new(OpenFile(path, FileFlags.Directory, 0, resolution));

    /// <summary>Null when there is no such directory, or something else is there.</summary>
    public DirectoryHandle? TryOpenDirectory(string path, PathResolution resolution, out int error) =>
        TryOpenFile(path, FileFlags.Directory, 0, resolution, out error) is { } handle ? new DirectoryHandle(handle) : null;

    /// <summary>Whether something is mounted on a name in the directory, in the mount namespace that the directory was opened in.</summary>
    public bool IsMountPoint(string name)
    {
        using var found = TryOpenFile(name, FileFlags.PathOnly | FileFlags.NoFollow, 0, PathResolution.NoMounts, out var error);
        return error == ErrorNumber.CrossDevice;
    }

    public SafeFileHandle OpenFile(string path, int flags, int mode = 0, PathResolution resolution = PathResolution.InRoot) =>
        TryOpenFile(path, flags, mode, resolution, out var error) ?? throw new SystemCallException($"open {path}", error);

    public SafeFileHandle? TryOpenFile(string path, int flags, int mode, PathResolution resolution, out int error)
    {
        var bytes = PathText.ToBytes((path.Length == 0 ? "." : path) + "\0");
        if (bytes.AsSpan(0, bytes.Length - 1).Contains((byte)0))
        {
            error = ErrorNumber.Invalid;
            return null;
        }

        var how = new FileCalls.OpenHow { Flags = (uint)(flags | FileFlags.CloseOnExec), Mode = (uint)mode, Resolve = (ulong)resolution };
        fixed (byte* start = bytes)
        {
            // A rename or mount elsewhere on the machine makes the kernel give up on "..": EAGAIN asks to try again.
            for (var attempt = 0; ; attempt++)
            {
                var descriptor = FileCalls.syscall(FileCalls.OpenAt2Number, Handle, start, &how, sizeof(FileCalls.OpenHow));
                if (descriptor >= 0)
                {
                    error = 0;
                    return new SafeFileHandle((nint)descriptor, ownsHandle: true);
                }

                error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
                if (error != ErrorNumber.Interrupted && (error != ErrorNumber.Again || attempt > 1000)) return null;
            }
        }
    }

    /// <summary>Makes a file that must not exist yet and opens it for writing.</summary>
    public SafeFileHandle? TryCreateFile(string name, int mode, out int error)
    {
        var descriptor = FileCalls.openat(
            Handle, name, FileFlags.WriteOnly | FileFlags.Create | FileFlags.Exclusive | FileFlags.NoFollow | FileFlags.CloseOnExec, (uint)mode);
        error = descriptor < 0 ? System.Runtime.InteropServices.Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Status of a child, not following it; "" is the directory itself. Null when there is none.</summary>
    public FileStatus? Status(string name = "")
    {
        FileCalls.StatusRecord record;
        if (FileCalls.statx(Handle, name, FileCalls.NoFollow | FileCalls.EmptyPath, FileCalls.StatusMask, &record) == 0) return FileStatus.From(record);
        var error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        return error is ErrorNumber.NoEntry or ErrorNumber.NotDirectory ? null : throw new SystemCallException($"stat {name}", error);
    }

    /// <summary>False when something of the name exists.</summary>
    public bool MakeDirectory(string name, int mode) => Made(FileCalls.mkdirat(Handle, name, (uint)mode), "mkdir", name);

    public bool MakeNode(string name, FileKind kind, int mode, uint major = 0, uint minor = 0) =>
        Made(FileCalls.mknodat(Handle, name, (uint)kind | (uint)mode, DeviceNumber(major, minor)), "mknod", name);

    public bool MakeSymbolicLink(string name, string target) => Made(FileCalls.symlinkat(target, Handle, name), "symlink", name);

    public bool MakeLink(DirectoryHandle from, string fromName, string name) =>
        Made(FileCalls.linkat(from.Handle, fromName, Handle, name, 0), "link", name);

    public void Rename(string name, DirectoryHandle into, string newName) =>
        Check(FileCalls.renameat(Handle, name, into.Handle, newName), "rename", name);

    /// <summary>False when something has the new name already: it stays.</summary>
    public bool TryRename(string name, DirectoryHandle into, string newName)
    {
        const uint noReplace = 1;
        if (FileCalls.renameat2(Handle, name, into.Handle, newName, noReplace) == 0) return true;
        var error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        if (error == ErrorNumber.Exists) return false;
        // NFS and others know no such flag.
        if (error != ErrorNumber.Invalid) throw new SystemCallException($"rename {name}", error);
        if (into.Status(newName) is not null) return false;
        Rename(name, into, newName);
        return true;
    }

    /// <summary>Takes a name that is no directory away; false when it is gone.</summary>
    public bool Unlink(string name) => Gone(FileCalls.unlinkat(Handle, name, 0), "unlink", name);

    public bool RemoveDirectory(string name) => Gone(FileCalls.unlinkat(Handle, name, FileCalls.RemoveDirectoryFlag), "rmdir", name);

    public void ChangeOwner(string name, uint userId, uint groupId) =>
        Check(FileCalls.fchownat(Handle, name, userId, groupId, FileCalls.NoFollow | FileCalls.EmptyPath), "chown", name);

    /// <summary>Never to be used on a symbolic link: it would be followed.</summary>
    public void ChangeMode(string name, int mode) => Check(FileCalls.fchmodat(Handle, name, (uint)mode, 0), "chmod", name);

    public void ChangeMode(int mode) => Check(FileCalls.fchmod(Handle, (uint)mode), "chmod", "");

    public void SetModified(string name, FileTime time)
    {
        var times = stackalloc FileCalls.TimeSpecification[2];
        times[0] = times[1] = new FileCalls.TimeSpecification { Seconds = time.Seconds, Nanoseconds = time.Nanoseconds };
        Check(
            name.Length == 0 ? FileCalls.futimens(Handle, times) : FileCalls.utimensat(Handle, name, times, FileCalls.NoFollow), "utimens", name);
    }

    public string ReadLink(string name)
    {
        Span<byte> buffer = stackalloc byte[4096];
        fixed (byte* start = buffer)
        {
            var length = FileCalls.readlinkat(Handle, name, start, buffer.Length);
            return length >= 0 ? PathText.FromBytes(buffer[..(int)length]) : throw SystemCallException.Last($"readlink {name}");
        }
    }

    /// <summary>Where this directory is now, as the kernel knows it.</summary>
    public string CurrentPath() => FileHandles.CurrentPath(Handle);

    /// <summary>Names of the children in the kernel's order, without "." and "..".</summary>
    public List<string> List()
    {
        var names = new List<string>();
        if (FileCalls.lseek(Handle, 0, 0) < 0) throw SystemCallException.Last("seek in a directory");
        // Trees of many small directories are walked: a buffer for each would cost more than the walk.
        var buffer = ArrayPool<byte>.Shared.Rent(32 << 10);
        try
        {
            while (ReadEntries(buffer) is > 0 and var length) AddNames(buffer.AsSpan(0, length), names);
            return names;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes everything of this file system to its disk.</summary>
    public void SyncFileSystem() => Check(FileCalls.syncfs(Handle), "syncfs", "");

    public void Dispose() => Handle.Dispose();

    private int ReadEntries(byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            var length = (int)FileCalls.getdents64(Handle, start, buffer.Length);
            return length >= 0 ? length : throw SystemCallException.Last("getdents");
        }
    }

    private static void AddNames(ReadOnlySpan<byte> entries, List<string> names)
    {
        // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, then the name.
        for (; !entries.IsEmpty; entries = entries[BitConverter.ToUInt16(entries[16..])..])
        {
            var name = entries[19..BitConverter.ToUInt16(entries[16..])];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) names.Add(PathText.FromBytes(name));
        }
    }

    private static ulong DeviceNumber(uint major, uint minor) =>
        (minor & 0xffUL) | ((major & 0xfffUL) << 8) | ((minor & ~0xffUL) << 12) | ((major & ~0xfffUL) << 32);

    private static void Check(int result, string call, string name)
    {
        if (result < 0) throw SystemCallException.Last($"{call} {name}");
    }

    private static bool Made(int result, string call, string name) => Done(result, call, name, ErrorNumber.Exists);

    private static bool Gone(int result, string call, string name) => Done(result, call, name, ErrorNumber.NoEntry);

    private static bool Done(int result, string call, string name, int tolerated)
    {
        if (result >= 0) return true;
        var error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        return error == tolerated ? false : throw new SystemCallException($"{call} {name}", error);
    }
}
