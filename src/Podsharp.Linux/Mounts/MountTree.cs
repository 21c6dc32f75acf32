using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Files;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Linux.Mounts;

/// <summary>
/// Mounts that belong to a descriptor in place of a mount namespace (open_tree(2)): nobody else sees them, and they end with the descriptor,
/// also when the process is killed.
/// </summary>
public sealed partial class MountTree : IDisposable
{
    private const int NewMountNamespace = 0x20000;
    private const nuint RecursivePrivate = (nuint)(uint)(MountFlags.Private | MountFlags.Recursive);
    private const int WorkingDirectory = -100;
    private const uint Clone = 1;
    private const uint CloseOnExec = 0x80000;
    private const uint Recursive = 0x8000;
    private const uint EmptyPath = 0x1000;
    private const uint FromAndToDescriptors = 0x4 | 0x40;
    private const ulong ReadOnlyAttribute = 1;
    private const long OpenTreeNumber = 428;
    private const long MoveMountNumber = 429;
    private const long SetAttributesNumber = 442;
    private readonly SafeFileHandle _tree;

    private MountTree(SafeFileHandle tree)
    {
        _tree = tree;
        Path = $"/proc/self/fd/{tree.DangerousGetHandle()}/";
    }

    /// <summary>A path by which this process reaches the tree's top while it is open.</summary>
    public string Path { get; }

    /// <param name="build">Mounts in a namespace of its own, from which nothing gets out; answers the path of what is to be the tree's top. It must not await.</param>
    public static async Task<MountTree> BuildAsync(Func<string> build)
    {
        MountTree? tree = null;
        await NamespaceThread.RunAsync(() =>
        {
            if (Native.unshare(NewMountNamespace) != 0) throw SystemCallException.Last("unshare(CLONE_NEWNS)");
            if (Native.mount("none", "/", null, RecursivePrivate, 0) != 0) throw SystemCallException.Last("making the mounts private");
            tree = new MountTree(OpenTree(build(), recursive: true));
        });
        return tree!;
    }

    /// <summary>Mounts what a path of the machine is on an open file or directory. Only within <see cref="BuildAsync"/>.</summary>
    public static unsafe void Bind(string source, SafeFileHandle target, bool recursive, bool readOnly)
    {
        using var tree = OpenTree(source, recursive);
        if (readOnly)
        {
            var attributes = new MountAttributes { Set = ReadOnlyAttribute };
            if (Native.syscall(SetAttributesNumber, tree, "", EmptyPath | Recursive, &attributes, sizeof(MountAttributes)) < 0)
                throw SystemCallException.Last($"making the mount of {source} read-only");
        }

        if (Native.syscall(MoveMountNumber, tree, "", target, "", FromAndToDescriptors) < 0) throw SystemCallException.Last($"mounting {source}");
    }

    public void Dispose() => _tree.Dispose();

    private static SafeFileHandle OpenTree(string path, bool recursive)
    {
        var descriptor = Native.syscall(OpenTreeNumber, WorkingDirectory, path, Clone | CloseOnExec | (recursive ? Recursive : 0));
        return descriptor >= 0 ? new SafeFileHandle((nint)descriptor, ownsHandle: true) : throw SystemCallException.Last($"open_tree {path}");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }

    private static unsafe partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int unshare(int flags);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int mount(string source, string target, string? type, nuint flags, nint data);

        [LibraryImport("libc", SetLastError = true)]
        public static partial long syscall(long number, nint directory, [MarshalUsing(typeof(PathMarshaller))] string path, nuint flags);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial long syscall(long number, SafeFileHandle tree, string path, nuint flags, MountAttributes* attributes, nint size);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial long syscall(long number, SafeFileHandle tree, string path, SafeFileHandle target, string targetPath, nuint flags);
    }
}
