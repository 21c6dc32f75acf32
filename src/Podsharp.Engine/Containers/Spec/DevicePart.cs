using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Device nodes and the rules of the device control group.</summary>
internal static class DevicePart
{
    private const string AllAccess = "rwm";

    /// <summary>The nodes to make: all of the host's for a privileged container, else those asked for with their places in the container.</summary>
    public static IReadOnlyList<DeviceNode> Resolve(Container container, EngineOptions options, HostFacts facts, IHost host)
    {
        if (facts.Rootless) return [];
        if (container.Spec.Security.Privileged)
            return [.. host.Devices("/dev").Where(static node => !IsRuntimeMade(node.Path))];
        return [.. options.DefaultDevices.Concat(container.Spec.Mounts.Devices).SelectMany(mapping => Nodes(mapping, host))];
    }

    /// <summary>Who may not make nodes is given the host's.</summary>
    public static IEnumerable<RuntimeMount> Binds(LaunchContext context) =>
        context.Host.Rootless ? context.Spec.Mounts.Devices.Select(static mapping => Bind(mapping.HostPath, mapping.ContainerPath, mapping.Permissions)) : [];

    public static RuntimeMount Bind(string hostPath, string path, string permissions) =>
        new(path, "bind", hostPath, ["rbind", "rslave", "nosuid", "noexec", permissions.Length == 0 || permissions.Contains('w', StringComparison.Ordinal) ? "rw" : "ro"]);

    public static IReadOnlyList<LinuxDevice>? Build(LaunchContext context) => context.Devices.Count == 0
        ? null
        : [.. context.Devices.Select(static node => new LinuxDevice(
            node.Path, node.Type.ToString(), node.Major, node.Minor, (uint)node.Mode & 0x1ff, node.UserId, node.GroupId))];

    public static IReadOnlyList<LinuxDeviceRule>? Rules(LaunchContext context)
    {
        if (context.Host.Rootless) return null;
        if (context.Privileged) return [new LinuxDeviceRule(true, null, null, null, AllAccess)];
        var rules = new List<LinuxDeviceRule> { new(false, null, null, null, AllAccess) };
        foreach (var node in context.Devices)
            rules.Add(new LinuxDeviceRule(true, node.Type.ToString(), node.Major, node.Minor, AccessOf(node.Path, context)));
        rules.AddRange(context.Spec.Resources.DeviceCgroupRules.Select(ParseRule));
        return rules;
    }

    /// <summary>Reads "c 1:3 rwm", "a *:* rwm".</summary>
    public static LinuxDeviceRule ParseRule(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is [("a" or "b" or "c") and var type, var numbers, var access]
            && numbers.Split(':') is [var major, var minor]
            && access.Length is > 0 and <= 3 && access.All(static letter => letter is 'r' or 'w' or 'm')
            && TryNumber(major, out var majorNumber) && TryNumber(minor, out var minorNumber))
            return new LinuxDeviceRule(true, type, majorNumber, minorNumber, access);
        throw EngineException.InvalidInput($"invalid device cgroup rule format: '{text}'");
    }

    private static IEnumerable<DeviceNode> Nodes(DeviceMapping mapping, IHost host)
    {
        if (host.Device(mapping.HostPath) is { } single) return [single with { Path = mapping.ContainerPath }];
        var below = host.Devices(mapping.HostPath);
        if (below.Count == 0)
            throw EngineException.InvalidInput(
                $"error gathering device information while adding custom device \"{mapping.HostPath}\": no such file or directory, or not a device");
        return below.Select(node => node with { Path = mapping.ContainerPath + node.Path[mapping.HostPath.Length..] });
    }

    private static string AccessOf(string path, LaunchContext context) => context.Spec.Mounts.Devices
        .Concat(context.Options.DefaultDevices)
        .Where(mapping => path.IsAtOrBelow(mapping.ContainerPath))
        .Select(static mapping => mapping.Permissions)
        .FirstOrDefault(static permissions => permissions.Length > 0) ?? AllAccess;

    private static bool TryNumber(string text, out long? number)
    {
        number = null;
        if (text == "*") return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        number = value;
        return true;
    }

    // The runtime makes these itself, the terminal ones per container.
    private static bool IsRuntimeMade(string path) =>
        path is "/dev/null" or "/dev/zero" or "/dev/full" or "/dev/random" or "/dev/urandom" or "/dev/tty" or "/dev/console" or "/dev/ptmx"
        || path.StartsWith("/dev/pts/", StringComparison.Ordinal) || path.StartsWith("/dev/shm/", StringComparison.Ordinal)
        || path.StartsWith("/dev/mqueue/", StringComparison.Ordinal);
}
