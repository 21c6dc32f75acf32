using Podsharp.Core.Host;

namespace Podsharp.Testing;

/// <summary>A machine of amd64 with cgroup v2; change <see cref="Facts"/> by <c>with</c>.</summary>
public sealed class FakeHost : IHost
{
    public HostFacts Facts { get; set; } = new()
    {
        HostName = "fake",
        KernelVersion = "6.18.0",
        OperatingSystem = "Fake Linux",
        OperatingSystemVersion = "1",
        Architecture = "amd64",
        Machine = "x86_64",
        Processors = 2,
        OnlineProcessors = "0-1",
        Memory = 4L << 30,
        CgroupVersion = 2,
        CgroupDriver = "cgroupfs",
        Rootless = false,
        AppArmor = false,
        SeLinux = false,
        Seccomp = true,
        SwapLimit = true,
        BootId = "11111111-2222-3333-4444-555555555555",
        Limits = [],
        MayRaiseLimits = true,
        Capabilities = ["CAP_CHOWN", "CAP_NET_BIND_SERVICE", "CAP_SYS_ADMIN"],
        CgroupControllers = ["cpu", "cpuset", "io", "memory", "pids"],
        StorageFileSystem = "ext4",
        Runtime = new ToolVersion("crun", "/usr/bin/crun", "1.8.1", ""),
        Monitor = new ToolVersion("conmon", "/usr/bin/conmon", "2.1.6", ""),
        NetworkTool = new ToolVersion("netavark", "/usr/lib/podman/netavark", "1.4.0", ""),
    };

    public string ResolvConfText { get; set; } = "nameserver 192.0.2.1\n";

    public string? HostAddress { get; set; } = "192.0.2.10";

    public Dictionary<string, DeviceNode> DeviceNodes { get; } = [];

    public string DefaultAppArmorProfile { get; set; } = "";

    public Task<string> DefaultAppArmorProfileAsync() => Task.FromResult(DefaultAppArmorProfile);

    public string ResolvConf() => ResolvConfText;

    public DeviceNode? Device(string path) => DeviceNodes.GetValueOrDefault(path);

    public IReadOnlyList<DeviceNode> Devices(string directory) =>
        [.. DeviceNodes.Values.Where(node => node.Path.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal))];

    public Task<(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows)> ProcessTableAsync(
        IReadOnlyList<int> pids, string psArguments, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>)>(
            (["PID"], [.. pids.Select(pid => (IReadOnlyList<string>)[pid.ToString()])]));

    public HostVitals Vitals(string storeRoot) => new(1 << 30, 2 << 20, 1 << 20, new TimeSpan(1, 2, 3, 4), 20, 5, 75, 100, 40);

    /// <summary>Types of SELinux that the policy does not have.</summary>
    public HashSet<string> UnknownTypes { get; } = [];

    public bool KnowsLabel(Core.Containers.SecurityLabel label) => !UnknownTypes.Contains(label.Type);

    public string? Address() => HostAddress;
}
