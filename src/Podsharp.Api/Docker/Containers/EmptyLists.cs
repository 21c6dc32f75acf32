using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

/// <summary>Lists of a HostConfig that a client gave as empty are shown empty, those that it left out are null, as dockerd's inspection has them.</summary>
internal static class EmptyLists
{
    private static readonly Field[] Fields =
    [
        new(nameof(HostConfig.Binds), host => host.Binds?.Count, host => host.Binds = []),
        new(nameof(HostConfig.BlkioDeviceReadBps), host => host.BlkioDeviceReadBps?.Count, host => host.BlkioDeviceReadBps = []),
        new(nameof(HostConfig.BlkioDeviceReadIops), host => host.BlkioDeviceReadIops?.Count, host => host.BlkioDeviceReadIops = []),
        new(nameof(HostConfig.BlkioDeviceWriteBps), host => host.BlkioDeviceWriteBps?.Count, host => host.BlkioDeviceWriteBps = []),
        new(nameof(HostConfig.BlkioDeviceWriteIops), host => host.BlkioDeviceWriteIops?.Count, host => host.BlkioDeviceWriteIops = []),
        new(nameof(HostConfig.BlkioWeightDevice), host => host.BlkioWeightDevice?.Count, host => host.BlkioWeightDevice = []),
        new(nameof(HostConfig.CapAdd), host => host.CapAdd?.Count, host => host.CapAdd = []),
        new(nameof(HostConfig.CapDrop), host => host.CapDrop?.Count, host => host.CapDrop = []),
        new(nameof(HostConfig.DeviceCgroupRules), host => host.DeviceCgroupRules?.Count, host => host.DeviceCgroupRules = []),
        new(nameof(HostConfig.DeviceRequests), host => host.DeviceRequests?.Count, host => host.DeviceRequests = []),
        new(nameof(HostConfig.Devices), host => host.Devices?.Count, host => host.Devices = []),
        new(nameof(HostConfig.Dns), host => host.Dns?.Count, host => host.Dns = []),
        new(nameof(HostConfig.DnsOptions), host => host.DnsOptions?.Count, host => host.DnsOptions = []),
        new(nameof(HostConfig.DnsSearch), host => host.DnsSearch?.Count, host => host.DnsSearch = []),
        new(nameof(HostConfig.ExtraHosts), host => host.ExtraHosts?.Count, host => host.ExtraHosts = []),
        new(nameof(HostConfig.GroupAdd), host => host.GroupAdd?.Count, host => host.GroupAdd = []),
        new(nameof(HostConfig.PortBindings), host => host.PortBindings?.Count, host => host.PortBindings = Empty),
        new(nameof(HostConfig.SecurityOpt), host => host.SecurityOpt?.Count, host => host.SecurityOpt = []),
        new(nameof(HostConfig.Ulimits), host => host.Ulimits?.Count, host => host.Ulimits = []),
        new(nameof(HostConfig.VolumesFrom), host => host.VolumesFrom?.Count, host => host.VolumesFrom = []),
    ];

    private static Dictionary<string, IReadOnlyList<PortBinding?>?> Empty => [];

    /// <returns>The names of those that are given and empty.</returns>
    public static IReadOnlyList<string> In(HostConfig host) => [.. Fields.Where(field => field.Count(host) == 0).Select(field => field.Name)];

    /// <summary>Makes those of these names empty that are null.</summary>
    public static void Show(HostConfig host, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        foreach (var field in Fields)
        {
            if (field.Count(host) is null && names.Contains(field.Name)) field.Clear(host);
        }
    }

    /// <param name="Count">Null: the list is.</param>
    private sealed record Field(string Name, Func<HostConfig, int?> Count, Action<HostConfig> Clear);
}
