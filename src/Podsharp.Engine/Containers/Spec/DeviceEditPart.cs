using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Changes a configuration as a device's vendor wants it (CDI specification, containerEdits): what it says replaces what is there.</summary>
internal static class DeviceEditPart
{
    private const string AllAccess = "rwm";

    public static RuntimeSpec Apply(RuntimeSpec spec, DeviceEdits edits, IHost host)
    {
        var rootless = host.Facts.Rootless;
        var nodes = rootless ? [] : edits.Nodes.Select(edit => (Edit: edit, Device: Node(edit, host))).ToList();
        // Who may not make nodes binds the host's.
        var binds = rootless ? edits.Nodes.Select(static edit => DevicePart.Bind(edit.HostPath, edit.Path, edit.Permissions)) : [];
        List<RuntimeMount> mounts = [.. binds, .. edits.Mounts];
        return spec with
        {
            Process = Process(spec.Process, edits),
            Mounts = mounts.Count == 0 ? spec.Mounts : Mounts(spec.Mounts, mounts),
            Hooks = edits.Hooks.IsEmpty ? spec.Hooks : (spec.Hooks ?? new RuntimeHooks()).And(edits.Hooks),
            Linux = nodes.Count == 0 ? spec.Linux : spec.Linux with
            {
                Devices = [.. (spec.Linux.Devices ?? []).Where(device => nodes.TrueForAll(node => node.Device.Path != device.Path)), .. nodes.Select(static node => node.Device)],
                Resources = spec.Linux.Resources is not { Devices: { } rules } resources ? spec.Linux.Resources : resources with
                {
                    Devices = [.. rules, .. nodes.Where(static node => node.Device.Type is "b" or "c" or "u").Select(static node => Rule(node.Edit, node.Device))],
                },
            },
        };
    }

    private static RuntimeProcess Process(RuntimeProcess process, DeviceEdits edits)
    {
        var names = edits.Environment.Select(static entry => entry[..(entry.IndexOf('=', StringComparison.Ordinal) + 1)]).ToList();
        return process with
        {
            Env = [.. process.Env.Where(entry => !names.Exists(name => entry.StartsWith(name, StringComparison.Ordinal))), .. edits.Environment],
            User = edits.AdditionalGroups.Count == 0 ? process.User : process.User with { AdditionalGids = [.. (process.User.AdditionalGids ?? []).Union(edits.AdditionalGroups)] },
        };
    }

    // Outer directories first, or an outer mount would hide an inner one.
    private static IReadOnlyList<RuntimeMount> Mounts(IReadOnlyList<RuntimeMount> mounts, List<RuntimeMount> edits) =>
    [
        .. mounts.Where(mount => !edits.Exists(edit => edit.Destination == mount.Destination)),
        .. edits.OrderBy(static edit => edit.Destination.Count(static letter => letter == '/')),
    ];

    private static LinuxDevice Node(DeviceNodeEdit edit, IHost host)
    {
        if (edit is { Type: { } type, Major: { } major, Minor: { } minor })
            return new LinuxDevice(edit.Path, type, major, minor, edit.FileMode, edit.UserId, edit.GroupId);
        if (host.Device(edit.HostPath) is not { } node)
            throw EngineException.InvalidInput($"CDI device injection failed: {edit.HostPath} is there no more, or is no device: describe the device anew");
        if (edit.Type is { } wanted && wanted != node.Type.ToString() && !(wanted == "u" && node.Type == 'c'))
            throw EngineException.InvalidInput($"CDI device injection failed: {edit.HostPath} is of type {node.Type}, its description says {wanted}: describe the device anew");
        return new LinuxDevice(
            edit.Path, edit.Type ?? node.Type.ToString(), edit.Major ?? node.Major, edit.Minor ?? node.Minor, edit.FileMode ?? ((uint)node.Mode & 0x1ff), edit.UserId ?? node.UserId, edit.GroupId ?? node.GroupId);
    }

    private static LinuxDeviceRule Rule(DeviceNodeEdit edit, LinuxDevice device) =>
        new(true, device.Type == "u" ? "c" : device.Type, device.Major, device.Minor, edit.Permissions.Length > 0 ? edit.Permissions : AllAccess);
}
