using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;
using Podsharp.Linux;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Volumes;

/// <summary>By mount(2) alone: no helper program of a file system runs.</summary>
internal sealed class VolumeMounts : IVolumeMounts
{
    private const string Address = "addr=";
    private const MountFlags BindFlags = MountFlags.Bind | MountFlags.Recursive;

    public async Task MountAsync(Volume volume, CancellationToken cancellationToken)
    {
        if (VolumeMount.Of(volume) is not { } mount || MountPoint.IsMounted(volume.MountPoint)) return;
        if (mount.IsNetwork) mount = await WithAddressAsync(volume, mount, cancellationToken);
        var words = MountWords.Parse(mount.Options);
        // A server that does not answer holds the call for minutes.
        await Task.Run(() => Mount(volume, mount, words), cancellationToken);
    }

    public Task UnmountAsync(Volume volume, CancellationToken cancellationToken) => Task.Run(() => Unmount(volume.MountPoint), cancellationToken);

    /// <summary>Whatever lies on top of it, too.</summary>
    public static void Unmount(string mountPoint)
    {
        while (MountPoint.IsMounted(mountPoint) && MountPoint.Unmount(mountPoint))
        {
        }
    }

    private static void Mount(Volume volume, VolumeMount mount, MountWords words)
    {
        var target = volume.MountPoint;
        try
        {
            // For "none" with a device the kernel wants to know of a bind only.
            MountPoint.Mount(mount.Device, target, mount.Type, words.Flags, words.Data);
            // A bind ignores all other flags until it is mounted again.
            if (words.Flags.HasFlag(MountFlags.Bind) && (words.Flags & ~BindFlags) != 0)
                MountPoint.Mount("", target, "", (words.Flags & ~MountFlags.Recursive) | MountFlags.Remount, "");
            if (words.Propagation != 0) MountPoint.Mount("", target, "", words.Propagation, "");
        }
        catch (SystemCallException e)
        {
            Unmount(target);
            throw EngineException.Internal($"error while mounting volume '{target}': failed to mount local volume: {Told(mount, target, words)}: {Reason(e)}", e);
        }
    }

    private static string Told(VolumeMount mount, string target, MountWords words)
    {
        var flags = words.Flags == 0 ? "" : $", flags: 0x{(uint)words.Flags:x}";
        // Passwords of shares stand among the data.
        var data = words.Data.Length == 0 ? "" : $", data: {(words.Data.Contains("pass", StringComparison.OrdinalIgnoreCase) ? "(not shown)" : words.Data)}";
        return $"mount {mount.Device}:{target}{flags}{data}";
    }

    private static string Reason(SystemCallException error)
    {
        var reason = error.Reason.ToLowerInvariant();
        return error.ErrorNumber == ErrorNumber.NoDevice ? reason + " (the kernel has no file system of this type)" : reason;
    }

    // The kernel knows no names of hosts.
    private static async Task<VolumeMount> WithAddressAsync(Volume volume, VolumeMount mount, CancellationToken cancellationToken)
    {
        var given = mount.Options.FirstOrDefault(static word => word.StartsWith(Address, StringComparison.Ordinal))?[Address.Length..];
        var host = given ?? HostOf(mount);
        if (host.Length == 0) return mount;
        var address = await ResolveAsync(volume, host, cancellationToken);
        return mount with
        {
            Options = [.. mount.Options.Where(static word => !word.StartsWith(Address, StringComparison.Ordinal)), Address + address],
        };
    }

    private static string HostOf(VolumeMount mount) => mount.Device.StartsWith("//", StringComparison.Ordinal)
        ? mount.Device[2..].Split('/')[0]
        : mount.Device[..mount.Device.IndexOf(":/", StringComparison.Ordinal)].Trim('[', ']');

    private static async Task<IPAddress> ResolveAsync(Volume volume, string host, CancellationToken cancellationToken)
    {
        try
        {
            if (IPAddress.TryParse(host, out var address)) return address;
            return (await Dns.GetHostAddressesAsync(host, cancellationToken))[0];
        }
        catch (SocketException e)
        {
            throw EngineException.Internal($"error while mounting volume '{volume.MountPoint}': error resolving passed in network volume address: {host}: {e.Message}", e);
        }
    }
}
