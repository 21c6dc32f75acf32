using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Files;

namespace Podsharp.Linux.Processes;

/// <summary>Both ends of a pipe, close-on-exec.</summary>
public sealed partial class Pipe : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int SetSize = 1031;
    private const int SetFlags = 4;

    private Pipe(SafeFileHandle reader, SafeFileHandle writer)
    {
        Reader = reader;
        Writer = writer;
    }

    public SafeFileHandle Reader { get; }

    public SafeFileHandle Writer { get; }

    /// <param name="size">Bytes that it holds; 0: the kernel's default. A wish: the kernel may refuse.</param>
    public static unsafe Pipe Create(int size = 0)
    {
        var ends = stackalloc int[2];
        if (Native.pipe2(ends, CloseOnExec) < 0) throw SystemCallException.Last("pipe2");
        if (size > 0) _ = Native.fcntl(ends[1], SetSize, size);
        return new Pipe(new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <summary>
    /// A pipe with a label of SELinux, of a kind that a file may have: one without a name has its maker's. It has a name while it is made.
    /// </summary>
    /// <param name="place">A path where nothing is.</param>
    public static Pipe CreateLabelled(string place, string label, int size = 0)
    {
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(place)!);
        var name = Path.GetFileName(place);
        directory.Unlink(name);
        directory.MakeNode(name, FileKind.Pipe, 0b110_000_000);
        try
        {
            SetLabel(directory, name, label);
            // The first of the two ends must not wait for the other.
            var reader = directory.OpenFile(name, FileFlags.ReadOnly | FileFlags.NonBlocking);
            var writer = directory.OpenFile(name, FileFlags.WriteOnly);
            Check(Native.fcntl((int)reader.DangerousGetHandle(), SetFlags, 0));
            if (size > 0) _ = Native.fcntl((int)writer.DangerousGetHandle(), SetSize, size);
            return new Pipe(reader, writer);
        }
        finally
        {
            directory.Unlink(name);
        }
    }

    private static void SetLabel(DirectoryHandle directory, string name, string label)
    {
        try
        {
            ExtendedAttributes.Set(directory, name, ExtendedAttributes.Label, System.Text.Encoding.ASCII.GetBytes(label));
        }
        catch (SystemCallException refused) when (refused.ErrorNumber == ExtendedAttributes.NotSupported)
        {
            // The file system has no labels: nothing is judged by them.
        }
    }

    private static void Check(int result)
    {
        if (result < 0) throw SystemCallException.Last("fcntl");
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    private static unsafe partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int pipe2(int* ends, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int fcntl(int descriptor, int command, int argument);
    }
}
