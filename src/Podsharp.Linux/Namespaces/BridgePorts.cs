using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Namespaces;

/// <summary>An interface inside a namespace that is a port of a bridge outside.</summary>
/// <param name="Bridge">An interface of the bridges' namespace, whose MTU the port takes over where <paramref name="Mtu"/> is 0.</param>
/// <param name="MacAddress">Six bytes in hex with colons.</param>
/// <param name="Gateway">Of the default route; null: none.</param>
/// <param name="Metric">Of the default route.</param>
public sealed record BridgePort(string Bridge, string InterfaceName, string MacAddress, uint Mtu, IPAddress Address, int PrefixLength, IPAddress? Gateway, uint Metric);

/// <summary>Puts namespaces on bridges and takes them off, by netlink.</summary>
public static partial class BridgePorts
{
    // The kernel takes a second for it at most.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Look = TimeSpan.FromMilliseconds(1);

    /// <summary>Gives a bound namespace the interface, with address and route, up and heard by the bridge. On failure the interface is not there.</summary>
    public static async Task AttachAsync(BridgeNamespace space, string namespacePath, BridgePort port)
    {
        using var host = space.OpenRoutes();
        using var inside = File.OpenHandle(namespacePath);
        var (bridge, mtu) = space.Run(() => (IndexOf(port.Bridge), port.Mtu > 0 ? port.Mtu : MtuOf(port.Bridge)));
        host.AddBridgePort(bridge, mtu, port.InterfaceName, port.MacAddress, inside);
        var outer = 0u;
        await InsideAsync(inside, socket =>
        {
            try
            {
                // An address by router advertisement would be one that nobody has planned.
                var sysctl = $"/proc/sys/net/ipv6/conf/{port.InterfaceName}/autoconf";
                if (File.Exists(sysctl)) Sysctl.Write($"net.ipv6.conf.{port.InterfaceName}.autoconf", "0");
                var index = IndexOf(port.InterfaceName);
                socket.AddAddress(index, port.Address, port.PrefixLength);
                socket.RaiseLink(index);
                if (port.Gateway is not null) socket.AddDefaultRoute(port.Gateway, port.Metric);
                outer = socket.PeerOf(port.InterfaceName);
            }
            catch
            {
                socket.RemoveLink(port.InterfaceName);
                throw;
            }
        });
        await ComesUpAsync(host, outer);
    }

    /// <summary>Removes an interface of a bound namespace, and with it the bridge's port; no error when it is gone.</summary>
    public static async Task DetachAsync(string namespacePath, string interfaceName)
    {
        using var inside = File.OpenHandle(namespacePath);
        await InsideAsync(inside, socket => socket.RemoveLink(interfaceName));
    }

    /// <summary>Lets the bridge send all for the interface of a bound namespace to it, also when others send with the same hardware address.</summary>
    public static Task HoldAsync(BridgeNamespace space, string namespacePath, string interfaceName, string macAddress) =>
        PointAsync(space, namespacePath, interfaceName, macAddress, held: true);

    /// <summary>The bridge goes by what it hears again.</summary>
    public static Task LetGoAsync(BridgeNamespace space, string namespacePath, string interfaceName, string macAddress) =>
        PointAsync(space, namespacePath, interfaceName, macAddress, held: false);

    private static async Task PointAsync(BridgeNamespace space, string namespacePath, string interfaceName, string macAddress, bool held)
    {
        using var host = space.OpenRoutes();
        using var inside = File.OpenHandle(namespacePath);
        var outer = 0u;
        await InsideAsync(inside, socket => outer = socket.PeerOf(interfaceName));
        host.PointAddress(outer, macAddress, held);
    }

    // The bridge takes a port in some time after it came up, on a busy machine tens of milliseconds. A question for a hardware address that is
    // lost meanwhile is asked again after a second only, and the container's first words would wait for that.
    private static async Task ComesUpAsync(RouteSocket host, uint port)
    {
        for (var clock = Stopwatch.StartNew(); !host.IsUp(port) && clock.Elapsed < Patience;) await Task.Delay(Look);
    }

    private static Task InsideAsync(SafeFileHandle space, Action<RouteSocket> work) => NamespaceThread.RunAsync(space, () =>
    {
        using var socket = new RouteSocket();
        work(socket);
    });

    private static uint IndexOf(string name)
    {
        var index = Native.if_nametoindex(name);
        return index != 0 ? index : throw SystemCallException.Last($"interface {name}");
    }

    // struct ifreq: 16 bytes of name, then the number; 40 bytes on 64-bit machines.
    private static unsafe uint MtuOf(string name)
    {
        const int family = 2, datagram = 2, closeOnExec = 0x80000;
        const nuint getMtu = 0x8921;
        using var socket = new SafeFileHandle(Native.socket(family, datagram | closeOnExec, 0), ownsHandle: true);
        if (socket.IsInvalid) throw SystemCallException.Last("socket");
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 16));
        if (Native.ioctl((int)socket.DangerousGetHandle(), getMtu, request) != 0) throw SystemCallException.Last($"ioctl(SIOCGIFMTU) of {name}");
        return *(uint*)(request + 16);
    }

    private static unsafe partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial int socket(int family, int type, int protocol);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int ioctl(int descriptor, nuint request, byte* argument);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial uint if_nametoindex(string name);
    }
}
