using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Files;

/// <summary>What an open file can do beyond the framework's own calls.</summary>
public static unsafe class FileHandles
{
    private const int SeekDataOrigin = 3;
    private const int SeekHoleOrigin = 4;
    private const int NoSuchOffset = ErrorNumber.NoDeviceOrAddress;

    /// <summary>Opens by a trusted path; the framework's own opening takes a lock that others see.</summary>
    public static SafeFileHandle Open(string path, int flags, int mode = 0)
    {
        var descriptor = FileCalls.openat(FileCalls.WorkingDirectory, path, flags | FileFlags.CloseOnExec, (uint)mode);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw SystemCallException.Last($"open {path}");
    }

    /// <summary>A path by which the kernel finds what the descriptor stands for, one opened for its path alone (O_PATH) included.</summary>
    public static string ProcPath(SafeFileHandle file) => $"/proc/self/fd/{file.DangerousGetHandle()}";

    /// <summary>The number by which the kernel knows the kind of the file's file system (statfs(2)).</summary>
    public static long FileSystemType(SafeFileHandle file)
    {
        const int sizeOfStatus = 120;
        var status = stackalloc byte[sizeOfStatus];
        return FileCalls.fstatfs(file, status) == 0 ? *(long*)status : throw SystemCallException.Last("fstatfs");
    }

    /// <summary>Where it is now, as the kernel knows it.</summary>
    public static string CurrentPath(SafeFileHandle file)
    {
        var link = ProcPath(file);
        Span<byte> buffer = stackalloc byte[4096];
        fixed (byte* start = buffer)
        {
            var length = FileCalls.readlinkat(FileCalls.WorkingDirectory, link, start, buffer.Length);
            return length >= 0 ? PathText.FromBytes(buffer[..(int)length]) : throw SystemCallException.Last("readlink " + link);
        }
    }

    public static FileStatus Status(SafeFileHandle file)
    {
        FileCalls.StatusRecord record;
        return FileCalls.statx(file, "", FileCalls.EmptyPath, FileCalls.StatusMask, &record) == 0
            ? FileStatus.From(record)
            : throw SystemCallException.Last("stat");
    }

    /// <summary>Status of what a trusted path is, links followed; null when there is nothing.</summary>
    public static FileStatus? Status(string path)
    {
        FileCalls.StatusRecord record;
        if (FileCalls.statx(FileCalls.WorkingDirectory, path, 0, FileCalls.StatusMask, &record) == 0) return FileStatus.From(record);
        var error = Marshal.GetLastPInvokeError();
        return error is ErrorNumber.NoEntry or ErrorNumber.NotDirectory ? null : throw new SystemCallException($"stat {path}", error);
    }

    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var written = FileCalls.write(file, start + done, bytes.Length - done);
                if (written >= 0) done += (int)written;
                else if (Marshal.GetLastPInvokeError() != ErrorNumber.Interrupted) throw SystemCallException.Last("write");
            }
        }
    }

    public static void Seek(SafeFileHandle file, long offset)
    {
        if (FileCalls.lseek(file, offset, 0) < 0) throw SystemCallException.Last("seek");
    }

    /// <summary>Start of the next data at or after the offset; −1 when only a hole follows.</summary>
    public static long NextData(SafeFileHandle file, long offset) => Find(file, offset, SeekDataOrigin);

    public static long NextHole(SafeFileHandle file, long offset) => Find(file, offset, SeekHoleOrigin);

    public static void SetLength(SafeFileHandle file, long length)
    {
        if (FileCalls.ftruncate(file, length) < 0) throw SystemCallException.Last("truncate");
    }

    public static void ChangeOwner(SafeFileHandle file, uint userId, uint groupId)
    {
        if (FileCalls.fchown(file, userId, groupId) < 0) throw SystemCallException.Last("chown");
    }

    public static void ChangeMode(SafeFileHandle file, int mode)
    {
        if (FileCalls.fchmod(file, (uint)mode) < 0) throw SystemCallException.Last("chmod");
    }

    public static void SetModified(SafeFileHandle file, FileTime time)
    {
        var times = stackalloc FileCalls.TimeSpecification[2];
        times[0] = times[1] = new FileCalls.TimeSpecification { Seconds = time.Seconds, Nanoseconds = time.Nanoseconds };
        if (FileCalls.futimens(file, times) < 0) throw SystemCallException.Last("utimens");
    }

    /// <summary>Takes the exclusive flock(2) if nobody holds it.</summary>
    public static bool TryLock(SafeFileHandle file)
    {
        const int exclusiveNonBlocking = 2 | 4;
        if (FileCalls.flock(file, exclusiveNonBlocking) == 0) return true;
        return Marshal.GetLastPInvokeError() == ErrorNumber.Again ? false : throw SystemCallException.Last("flock");
    }

    private static long Find(SafeFileHandle file, long offset, int origin)
    {
        var found = FileCalls.lseek(file, offset, origin);
        if (found >= 0) return found;
        return Marshal.GetLastPInvokeError() == NoSuchOffset ? -1 : throw SystemCallException.Last("seek");
    }
}
