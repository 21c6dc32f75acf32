using System.Globalization;
using Podsharp.Api.Http;
using Podsharp.Core.Host;
using Podsharp.Engine.System;
using Podsharp.Wire.Libpod.System;

namespace Podsharp.Api.Libpod.System;

/// <summary>The engine's facts in libpod's words.</summary>
internal static class InfoMapping
{
    public static InfoReport ToReport(EngineInfo info) => new(
        ToHost(info),
        ToStore(info),
        new Dictionary<string, IReadOnlyList<string>> { ["search"] = ["docker.io"] },
        new PluginsReport(["local"], ["bridge"], ["k8s-file", "json-file", "journald", "none"], null),
        new VersionReport
        {
            ApiVersion = ApiVersion.Libpod.ToString(),
            Version = info.Version,
            BuiltTime = EngineVersion.Released.ToString("ddd MMM d HH:mm:ss yyyy"),
            Built = EngineVersion.Released.ToUnixTimeSeconds(),
            OsArch = $"linux/{info.Host.Architecture}",
        });

    private static HostReport ToHost(EngineInfo info)
    {
        var (host, vitals) = (info.Host, info.Vitals);
        return new HostReport
        {
            Arch = host.Architecture,
            CgroupManager = host.CgroupDriver,
            CgroupVersion = $"v{host.CgroupVersion}",
            CgroupControllers = host.CgroupControllers,
            Conmon = new ToolReport("", host.Monitor.Path, host.Monitor.Version),
            CpuUtilization = new CpuReport(vitals.UserPercent, vitals.SystemPercent, vitals.IdlePercent),
            Cpus = host.Processors,
            Distribution = new DistributionReport(
                host.Distribution, host.OperatingSystemVersion, host.DistributionCodename.Length > 0 ? host.DistributionCodename : null),
            Hostname = host.HostName,
            IdMappings = new IdMappingsReport { Uidmap = ToMap(host.UserIds), Gidmap = ToMap(host.GroupIds) },
            Kernel = host.KernelVersion,
            LogDriver = info.Options.LogDriver,
            MemFree = vitals.MemoryFree,
            MemTotal = host.Memory,
            NetworkBackendInfo = new NetworkReport(
                "netavark", host.NetworkTool.Version, "", host.NetworkTool.Path, new DnsReport("", "", "")),
            OciRuntime = new RuntimeReport(host.Runtime.Name, "", host.Runtime.Path, host.Runtime.Version),
            RemoteSocket = new RemoteSocketReport($"unix://{info.Paths.RunRoot}/podsharp.sock", Exists: true),
            Security = ToSecurity(host, info.Options),
            SwapFree = vitals.SwapFree,
            SwapTotal = vitals.SwapTotal,
            Uptime = ToText(vitals.Uptime),
        };
    }

    private static IReadOnlyList<IdMapReport>? ToMap(IReadOnlyList<IdRange> ranges) =>
        ranges.Count == 0 ? null : [.. ranges.Select(range => new IdMapReport(range.ContainerId, range.HostId, range.Size))];

    // "27h 5m 3.00s (Approximately 1.12 days)": clients print it as it is.
    private static string ToText(TimeSpan uptime)
    {
        var hours = Math.Floor(uptime.TotalHours);
        var text = string.Create(CultureInfo.InvariantCulture, $"{hours:0}h {uptime.Minutes}m {uptime.Seconds}.00s");
        return hours > 0 ? text + string.Create(CultureInfo.InvariantCulture, $" (Approximately {hours / 24:0.00} days)") : text;
    }

    private static SecurityReport ToSecurity(HostFacts host, EngineOptions options) => new()
    {
        ApparmorEnabled = host.AppArmor,
        Capabilities = string.Join(',', options.DefaultCapabilities),
        Rootless = host.Rootless,
        SeccompEnabled = host.Seccomp,
        SeccompProfilePath = options.SeccompProfile,
        SelinuxEnabled = options.Labels && host.Labels is not null,
    };

    private static StoreReport ToStore(EngineInfo info) => new()
    {
        ContainerStore = new ContainerStoreReport(info.Containers, info.Paused, info.Running, info.Stopped),
        GraphRoot = info.Paths.Root,
        GraphRootAllocated = (ulong)info.Vitals.StoreAllocated,
        GraphRootUsed = (ulong)info.Vitals.StoreUsed,
        GraphStatus = info.StorageStatus.ToDictionary(fact => fact.Key, fact => fact.Value),
        ImageCopyTmpDir = info.Paths.Staging,
        ImageStore = new ImageStoreReport(info.Images),
        RunRoot = info.Paths.RunRoot,
        VolumePath = info.Paths.Volumes,
    };
}
