using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Files;

/// <summary>Extended attributes. Names are ASCII in practice; values are bytes. A path's last part is never followed.</summary>
public static unsafe class ExtendedAttributes
{
    public const int NotSupported = 95;

    /// <summary>A file's label of SELinux.</summary>
    public const string Label = "security.selinux";

    private const int NoData = 61;
    private const int RangeError = 34;

    public static void Set(SafeFileHandle file, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value)
        {
            if (FileCalls.fsetxattr(file, name, start, value.Length, 0) < 0) throw SystemCallException.Last($"set attribute {name}");
        }
    }

    public static void Set(DirectoryHandle directory, string name, string attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value)
        {
            if (FileCalls.lsetxattr(PathOf(directory, name), attribute, start, value.Length, 0) < 0)
                throw SystemCallException.Last($"set attribute {attribute} of {name}");
        }
    }

    /// <summary>Of whatever a descriptor stands for, one that was opened for its path alone (O_PATH) included.</summary>
    public static void SetOpened(SafeFileHandle opened, string attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value)
        {
            if (FileCalls.setxattr(FileHandles.ProcPath(opened), attribute, start, value.Length, 0) < 0) throw SystemCallException.Last($"set attribute {attribute}");
        }
    }

    /// <summary>As <see cref="Get"/>, of whatever a descriptor stands for.</summary>
    public static byte[]? GetOpened(SafeFileHandle opened, string attribute)
    {
        var path = FileHandles.ProcPath(opened);
        return Get(attribute, (buffer, size) => FileCalls.getxattr(path, attribute, (byte*)buffer, size));
    }

    /// <summary>Null when the file has no such attribute or its file system has none at all.</summary>
    public static byte[]? Get(DirectoryHandle directory, string name, string attribute)
    {
        var path = PathOf(directory, name);
        return Get($"{attribute} of {name}", (buffer, size) => FileCalls.lgetxattr(path, attribute, (byte*)buffer, size));
    }

    private static byte[]? Get(string what, Func<nint, nint, nint> get)
    {
        var buffer = new byte[256];
        while (true)
        {
            fixed (byte* start = buffer)
            {
                var length = get((nint)start, buffer.Length);
                if (length >= 0) return buffer[..(int)length];
            }

            var error = Marshal.GetLastPInvokeError();
            if (error is NoData or NotSupported) return null;
            if (error != RangeError || buffer.Length >= 1 << 16) throw new SystemCallException($"get attribute {what}", error);
            buffer = new byte[1 << 16];
        }
    }

    public static IReadOnlyList<string> List(DirectoryHandle directory, string name)
    {
        var path = PathOf(directory, name);
        var length = FileCalls.llistxattr(path, null, 0);
        if (length == 0) return [];
        if (length < 0)
            return Marshal.GetLastPInvokeError() == NotSupported ? [] : throw SystemCallException.Last($"list attributes of {name}");
        var buffer = new byte[1 << 16];
        fixed (byte* start = buffer) length = FileCalls.llistxattr(path, start, buffer.Length);
        if (length < 0) throw SystemCallException.Last($"list attributes of {name}");
        return System.Text.Encoding.UTF8.GetString(buffer, 0, (int)length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string PathOf(DirectoryHandle directory, string name) => name.Length == 0 ? directory.ProcPath + "/." : $"{directory.ProcPath}/{name}";
}
