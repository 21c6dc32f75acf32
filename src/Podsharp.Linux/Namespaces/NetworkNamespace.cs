using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Files;

namespace Podsharp.Linux.Namespaces;

/// <summary>Network namespaces kept by a bind mount on a file, independent of any process (as ip-netns(8) keeps them).</summary>
public static partial class NetworkNamespace
{
    private const int NewNetwork = 0x40000000;
    private const ulong Bind = 4096;
    private const int Detach = 2;
    private const int NoFollow = 8;
    private const long NamespaceFileSystem = 0x6E736673;
    private const string OfThisThread = "/proc/thread-self/ns/net";

    /// <summary>
    /// Makes a namespace with loopback up and these net.* sysctls, bound on <paramref name="path"/>, whose directory must be there.
    /// On failure nothing is left. <see cref="SysctlException"/> for a sysctl that the kernel does not take, <see cref="SystemCallException"/> else.
    /// </summary>
    public static Task CreateAsync(string path, IReadOnlyDictionary<string, string> sysctls) => NamespaceThread.RunAsync(() =>
    {
        Enter();
        foreach (var (name, value) in sysctls) Sysctl.Write(name, value);
        BindTo(path);
    });

    /// <summary>Makes a namespace that is one end of a veth pair whose other end is a port of a bridge.</summary>
    public static Task CreateOnBridgeAsync(BridgeNamespace space, string path, string interfaceName, string hostInterfaceName, string bridge) =>
        CreateOnBridgeAsync(space, path, interfaceName, hostInterfaceName, space.Run(() => InterfaceIndex(bridge)));

    /// <summary>
    /// Gives a bridge a hardware address of its own. Without one it has that of a port, and another when that port goes:
    /// its neighbours would talk to the old one until they notice.
    /// </summary>
    /// <param name="address">Six bytes.</param>
    public static void SetBridgeAddress(BridgeNamespace space, string bridge, ReadOnlySpan<byte> address)
    {
        using var socket = space.OpenRoutes();
        socket.SetAddress(space.Run(() => InterfaceIndex(bridge)), address);
    }

    /// <summary>
    /// Lets the bridge, of the present namespace, that a veth of this namespace ends on send its packets back to it: where bridged packets pass
    /// the firewall, one that is redirected to its own sender never leaves the bridge.
    /// </summary>
    public static async Task SetHairpinAsync(string path, string interfaceName)
    {
        using var host = new RouteSocket();
        await NamespaceThread.RunAsync(() =>
        {
            using (var other = File.OpenHandle(path))
            {
                if (Native.setns((int)other.DangerousGetHandle(), NewNetwork) != 0) throw SystemCallException.Last($"setns {path}");
            }

            using var inside = new RouteSocket();
            host.SetHairpin(inside.PeerOf(interfaceName));
        });
    }

    /// <summary>
    /// Whether a namespace is bound on the path. A file alone is none: somebody was killed before he had bound it there, or before he had taken the
    /// file away, too.
    /// </summary>
    public static bool IsThere(string path)
    {
        // Also no namespace: a path that is empty, for a container that never had one.
        if (!File.Exists(path)) return false;
        try
        {
            using var file = File.OpenHandle(path);
            return FileHandles.FileSystemType(file) == NamespaceFileSystem;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Takes the bind mount and its file away; no error when they are gone.</summary>
    public static void Remove(string path)
    {
        if (Native.umount2(path, Detach | NoFollow) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is not (ErrorNumber.Invalid or ErrorNumber.NoEntry)) throw new SystemCallException($"umount {path}", error);
        }

        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    private static async Task CreateOnBridgeAsync(BridgeNamespace space, string path, string interfaceName, string hostInterfaceName, uint bridge)
    {
        using var host = space.OpenRoutes();
        using var hostNamespace = space.Open();
        await NamespaceThread.RunAsync(() =>
        {
            Enter();
            using (var inside = new RouteSocket())
            {
                inside.AddVethPair(interfaceName, hostInterfaceName, hostNamespace);
            }

            host.SetMaster(hostInterfaceName, bridge);
            BindTo(path);
        });
    }

    private static void Enter()
    {
        if (Native.unshare(NewNetwork) != 0) throw SystemCallException.Last("unshare(CLONE_NEWNET)");
        RaiseLoopback();
    }

    private static void BindTo(string path)
    {
        using (File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
        }

        if (Native.mount(OfThisThread, path, null, Bind, 0) == 0) return;
        var failure = SystemCallException.Last($"bind mount of a network namespace on {path}");
        File.Delete(path);
        throw failure;
    }

    private static uint InterfaceIndex(string name)
    {
        var index = Native.if_nametoindex(name);
        return index != 0 ? index : throw SystemCallException.Last($"interface {name}");
    }

    // struct ifreq: 16 bytes of name, then the flags; 40 bytes on 64-bit machines.
    private static unsafe void RaiseLoopback()
    {
        const int family = 2, datagram = 2, closeOnExec = 0x80000;
        const short up = 1;
        const nuint getFlags = 0x8913, setFlags = 0x8914;

        using var socket = new SafeFileHandle(Native.socket(family, datagram | closeOnExec, 0), ownsHandle: true);
        if (socket.IsInvalid) throw SystemCallException.Last("socket");
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes("lo", new Span<byte>(request, 16));
        var descriptor = (int)socket.DangerousGetHandle();
        if (Native.ioctl(descriptor, getFlags, request) != 0) throw SystemCallException.Last("ioctl(SIOCGIFFLAGS) of lo");
        *(short*)(request + 16) |= up;
        if (Native.ioctl(descriptor, setFlags, request) != 0) throw SystemCallException.Last("ioctl(SIOCSIFFLAGS) of lo");
    }

    private static unsafe partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int unshare(int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int setns(int descriptor, int type);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int mount(string source, string target, string? type, ulong flags, nint data);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int umount2(string target, int flags);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int socket(int family, int type, int protocol);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int ioctl(int descriptor, nuint request, byte* argument);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial uint if_nametoindex(string name);
    }
}
