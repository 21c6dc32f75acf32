namespace Podsharp.Core.Host;

/// <summary>What the engine must know of the machine.</summary>
public interface IHost
{
    /// <summary>Facts that do not change while the service lives.</summary>
    HostFacts Facts { get; }

    /// <summary>The host's resolv.conf as containers may use it (a loopback stub resolver replaced by the real servers).</summary>
    string ResolvConf();

    /// <summary>A device's type ('c' or 'b'), numbers, owner and mode; null when the path is no device.</summary>
    DeviceNode? Device(string path);

    /// <summary>Device nodes below a directory (for privileged containers and --device of a directory).</summary>
    IReadOnlyList<DeviceNode> Devices(string directory);

    /// <summary>Process table rows for these host pids as ps prints them.</summary>
    Task<(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows)> ProcessTableAsync(
        IReadOnlyList<int> pids, string psArguments, CancellationToken cancellationToken);

    /// <param name="storeRoot">Whose file system is told of.</param>
    HostVitals Vitals(string storeRoot);

    /// <summary>Whether the loaded policy of SELinux has this label. Only asked where there is SELinux.</summary>
    bool KnowsLabel(Containers.SecurityLabel label);

    /// <summary>
    /// The profile of AppArmor for containers where nothing else is said, which the kernel has then; empty: it has no AppArmor, or nothing is there to load
    /// one with. Internal with the reason where it could not be loaded.
    /// </summary>
    Task<string> DefaultAppArmorProfileAsync();

    /// <summary>An address by which containers reach the host; null when there is none.</summary>
    string? Address();
}

public sealed record DeviceNode(string Path, char Type, long Major, long Minor, uint UserId, uint GroupId, int Mode);

public sealed record HostFacts
{
    public required string HostName { get; init; }

    public required string KernelVersion { get; init; }

    /// <summary>PRETTY_NAME of os-release.</summary>
    public required string OperatingSystem { get; init; }

    public required string OperatingSystemVersion { get; init; }

    /// <summary>Go's name: amd64, arm64.</summary>
    public required string Architecture { get; init; }

    /// <summary>uname's name: x86_64, aarch64.</summary>
    public required string Machine { get; init; }

    /// <summary>ID of os-release: debian, fedora.</summary>
    public string Distribution { get; init; } = "";

    /// <summary>VERSION_CODENAME of os-release, or empty.</summary>
    public string DistributionCodename { get; init; } = "";

    public required int Processors { get; init; }

    /// <summary>Processors that can be asked for, "0-3,7".</summary>
    public string OnlineProcessors { get; init; } = "0";

    /// <summary>Memory nodes that can be asked for.</summary>
    public string MemoryNodes { get; init; } = "0";

    /// <summary>Ids of the user namespace that an ordinary user's service runs in; empty for root's.</summary>
    public IReadOnlyList<IdRange> UserIds { get; init; } = [];

    public IReadOnlyList<IdRange> GroupIds { get; init; } = [];

    /// <summary>Bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>1 or 2 (pure v2 only).</summary>
    public required int CgroupVersion { get; init; }

    /// <summary>cgroupfs, systemd, or none: containers have no control groups then.</summary>
    public required string CgroupDriver { get; init; }

    public required bool Rootless { get; init; }

    public required bool AppArmor { get; init; }

    public required bool SeLinux { get; init; }

    /// <summary>What SELinux calls containers and their files by default; null where there is no SELinux, or its policy has no words for them.</summary>
    public LabelDefaults? Labels { get; init; }

    public required bool Seccomp { get; init; }

    /// <summary>Swap accounting is on.</summary>
    public required bool SwapLimit { get; init; }

    /// <summary>Block devices can be shared out by weight. (On cgroup v1 only under schedulers that newer kernels have not.)</summary>
    public bool BlockWeight { get; init; } = true;

    public required string BootId { get; init; }

    /// <summary>Present rlimits (name without RLIMIT_, soft, hard; −1 unlimited): defaults are clamped to the hard ones when they can't be raised.</summary>
    public required IReadOnlyList<Containers.UserLimit> Limits { get; init; }

    /// <summary>CAP_SYS_RESOURCE is held.</summary>
    public required bool MayRaiseLimits { get; init; }

    /// <summary>Capabilities of the bounding set, as CAP_… names.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Names of the controllers (memory, cpu, cpuset, pids, io or blkio …) that containers can be limited by.</summary>
    public required IReadOnlyList<string> CgroupControllers { get; init; }

    public required string StorageFileSystem { get; init; }

    public required ToolVersion Runtime { get; init; }

    public required ToolVersion Monitor { get; init; }

    public required ToolVersion NetworkTool { get; init; }

    public string InitPath { get; init; } = "";
}

/// <param name="Process">Of a container's processes, without categories.</param>
/// <param name="File">Of its files, without categories.</param>
public sealed record LabelDefaults(Containers.SecurityLabel Process, Containers.SecurityLabel File);

/// <param name="Version">Empty when the tool is missing.</param>
public sealed record ToolVersion(string Name, string Path, string Version, string Commit);
