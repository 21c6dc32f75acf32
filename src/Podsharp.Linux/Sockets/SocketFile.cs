using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Podsharp.Linux.Sockets;

/// <summary>The file by which a unix socket is found.</summary>
public static unsafe partial class SocketFile
{
    private const int WorkingDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint InodeAsked = 0x100;

    /// <summary>Device and inode, or null when there is nothing: two files are the same if these are.</summary>
    public static (ulong Device, ulong Inode)? Identity(string path)
    {
        Span<byte> status = stackalloc byte[256];
        fixed (byte* buffer = status)
        {
            if (Native.statx(WorkingDirectory, path, NoFollow, InodeAsked, buffer) != 0) return null;
        }

        return (BinaryPrimitives.ReadUInt64LittleEndian(status[136..]), BinaryPrimitives.ReadUInt64LittleEndian(status[32..]));
    }

    /// <summary>Changes the group only.</summary>
    public static void GiveToGroup(string path, uint groupId)
    {
        if (Native.chown(path, uint.MaxValue, groupId) != 0) throw SystemCallException.Last($"chown of {path}");
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int statx(int directory, string path, int flags, uint mask, byte* status);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int chown(string path, uint userId, uint groupId);
    }
}
