using Podsharp.Api.Http;
using Podsharp.Core.Host;
using Podsharp.Engine.System;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.System;

namespace Podsharp.Api.Docker.System;

/// <summary>The engine's facts in Docker's words.</summary>
internal static class InfoMapping
{
    public static InfoReply ToReply(EngineInfo info, ApiVersion version, DateTimeOffset now)
    {
        var host = info.Host;
        return new InfoReply
        {
            Id = info.StoreId,
            Containers = info.Containers,
            ContainersRunning = info.Running,
            ContainersPaused = info.Paused,
            ContainersStopped = info.Stopped,
            Images = info.Images,
            Driver = "overlay",
            DriverStatus = [.. info.StorageStatus.Select(fact => (IReadOnlyList<string>)[fact.Key, fact.Value])],
            Plugins = new PluginsInfo(["local"], ["bridge", "host", "null"], null, ["k8s-file", "json-file", "local", "journald", "none"]),
            MemoryLimit = Has(host, "memory"),
            SwapLimit = host.SwapLimit,
            KernelMemory = version.AtLeast(1, 43) ? null : false,
            KernelMemoryTcp = version.AtLeast(1, 52) ? null : false,
            CpuCfsPeriod = Has(host, "cpu"),
            CpuCfsQuota = Has(host, "cpu"),
            CpuShares = Has(host, "cpu"),
            CpuSet = Has(host, "cpuset"),
            PidsLimit = Has(host, "pids"),
            BridgeNfIptables = version.AtLeast(1, 51) ? null : true,
            BridgeNfIp6Tables = version.AtLeast(1, 51) ? null : true,
            OomKillDisable = host.CgroupVersion == 1,
            SystemTime = GoTime.Format(now),
            LoggingDriver = info.Options.LogDriver,
            CgroupDriver = host.CgroupDriver,
            CgroupVersion = host.CgroupVersion.ToString(),
            KernelVersion = host.KernelVersion,
            OperatingSystem = host.OperatingSystem,
            OsVersion = host.OperatingSystemVersion,
            Architecture = host.Machine,
            RegistryConfig = Registries(),
            Processors = host.Processors,
            MemoryTotal = host.Memory,
            DockerRootDir = info.Paths.Root,
            Name = host.HostName,
            ServerVersion = info.Version,
            ClusterStore = version.AtLeast(1, 43) ? null : "",
            ClusterAdvertise = version.AtLeast(1, 43) ? null : "",
            Runtimes = new Dictionary<string, RuntimeInfo> { [host.Runtime.Name] = new(host.Runtime.Path) },
            DefaultRuntime = host.Runtime.Name,
            InitBinary = Path.GetFileName(host.InitPath),
            ContainerdCommit = Commit("", version),
            RuncCommit = Commit(host.Runtime.Commit, version),
            InitCommit = Commit("", version),
            SecurityOptions = Security(host, info.Options.Labels),
            FirewallBackend = version.AtLeast(1, 49) && info.Options.FirewallDriver is { Length: > 0 } driver ? new FirewallInfo(driver) : null,
            CdiSpecDirectories = version.AtLeast(1, 44) ? info.Options.DeviceDirectories : null,
        };
    }

    private static bool Has(HostFacts host, string controller) => host.CgroupControllers.Contains(controller);

    private static RegistryConfig Registries() => new(
        ["::1/128", "127.0.0.0/8"],
        new Dictionary<string, IndexInfo> { ["docker.io"] = new("docker.io", [], Secure: true, Official: true) },
        null);

    // Whoever packs the tools expects what he packs.
    private static Commit Commit(string id, ApiVersion version) => new(id, version.AtLeast(1, 49) ? null : id);

    private static List<string> Security(HostFacts host, bool labels)
    {
        var options = new List<string>();
        if (host.AppArmor) options.Add("name=apparmor");
        if (host.Seccomp) options.Add("name=seccomp,profile=default");
        if (labels && host.Labels is not null) options.Add("name=selinux");
        if (host.Rootless) options.Add("name=rootless");
        if (host.CgroupVersion == 2) options.Add("name=cgroupns");
        return options;
    }
}
