using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

/// <summary>The echo of what was asked of the host; what the engine chose where nothing was asked is shown where clients look for it.</summary>
internal static class HostConfigWriter
{
    public static HostConfig Write(Container container, EngineChoices choices, ApiVersion version)
    {
        var spec = container.Spec;
        var host = new HostConfig
        {
            Binds = OrNull(spec.Mounts.Binds),
            ContainerIdFile = spec.ContainerIdFile,
            LogConfig = new LogConfig { Type = container.LogDriver == "k8s-file" ? "json-file" : container.LogDriver, Config = spec.Log.Options },
            NetworkMode = EndpointWriter.ModeText(spec.Network),
            PortBindings = spec.Network.PortBindings.Count > 0 ? PortWriter.Asked(spec.Network) : null,
            RestartPolicy = new Wire.Docker.Containers.RestartPolicy
            {
                Name = spec.RestartPolicy.Written.Length > 0 ? spec.RestartPolicy.Written : "no",
                MaximumRetryCount = spec.RestartPolicy.MaximumRetries,
            },
            AutoRemove = spec.AutoRemove,
            VolumeDriver = spec.Mounts.VolumeDriver,
            VolumesFrom = OrNull(spec.Mounts.VolumesFrom),
            ConsoleSize = [spec.Process.TerminalSize.Height, spec.Process.TerminalSize.Width],
            Annotations = version.AtLeast(1, 43) && spec.Annotations.Count > 0 ? spec.Annotations : null,
            CgroupnsMode = choices.CgroupMode(spec),
            Dns = OrNull(spec.Network.Dns),
            DnsOptions = OrNull(spec.Network.DnsOptions),
            DnsSearch = OrNull(spec.Network.DnsSearch),
            ExtraHosts = OrNull(spec.Network.ExtraHosts),
            IpcMode = spec.IpcMode.Kind == NamespaceKind.Default ? choices.IpcMode : spec.IpcMode.ToString(),
            Links = spec.Network.Links.Count == 0 ? null : [.. spec.Network.Links.Select(link => $"/{link.Split(':')[0]}:/{container.Name}/{link.Split(':')[1]}")],
            PidMode = spec.PidMode.ToString(),
            PublishAllPorts = spec.Network.PublishAllPorts,
            StorageOpt = OrNull(spec.StorageOptions),
            Tmpfs = OrNull(Tmpfs(spec.Mounts)),
            UtsMode = spec.UtsMode.ToString(),
            UsernsMode = spec.UserMode.ToString(),
            ShmSize = spec.ShmSize ?? choices.ShmSize,
            Sysctls = OrNull(spec.Sysctls),
            Runtime = spec.Runtime.Length > 0 ? spec.Runtime : choices.Runtime,
            CgroupParent = spec.CgroupParent,
            Devices = OrNull([.. spec.Mounts.Devices.Select(Device)]),
            DeviceRequests = OrNull([.. spec.Mounts.DeviceRequests.Select(Request)]),
            Mounts = OrNull([.. spec.Mounts.Requested.Where(mount => mount.FromMountsList).Select(MountWriter.Write)]),
            Init = spec.Init,
        };
        WriteSecurity(host, spec.Security, choices);
        ResourceWriter.Write(host, spec.Resources);
        EmptyLists.Show(host, spec.GivenEmpty);
        return host;
    }

    private static void WriteSecurity(HostConfig host, SecuritySpec security, EngineChoices choices)
    {
        host.Privileged = security.Privileged;
        host.CapAdd = OrNull(security.AddCapabilities);
        host.CapDrop = OrNull(security.DropCapabilities);
        host.SecurityOpt = OrNull(security.Options);
        host.ReadonlyRootfs = security.ReadOnlyRoot;
        host.MaskedPaths = choices.MaskedPaths(security);
        host.ReadonlyPaths = choices.ReadOnlyPaths(security);
        host.GroupAdd = OrNull(security.AdditionalGroups);
        host.OomScoreAdj = security.OomScoreAdjust ?? 0;
    }

    private static Wire.Docker.Containers.DeviceRequest Request(Core.Containers.DeviceRequest request) => new()
    {
        Driver = request.Driver,
        Count = request.Count,
        DeviceIds = OrNull(request.DeviceIds),
        Capabilities = OrNull(request.Capabilities),
        Options = request.Options,
    };

    private static Wire.Docker.Containers.DeviceMapping Device(Core.Containers.DeviceMapping device) => new()
    {
        PathOnHost = device.HostPath,
        PathInContainer = device.ContainerPath,
        CgroupPermissions = device.Permissions,
    };

    private static Dictionary<string, string> Tmpfs(MountsSpec mounts) => mounts.Requested
        .Where(mount => mount is { Kind: MountKind.Tmpfs, FromMountsList: false })
        .ToDictionary(mount => mount.Target, mount => mount.WrittenMode);

    private static IReadOnlyList<T>? OrNull<T>(IReadOnlyList<T> list) => list.Count > 0 ? list : null;

    private static IReadOnlyDictionary<string, string>? OrNull(IReadOnlyDictionary<string, string> map) => map.Count > 0 ? map : null;
}
