using Podsharp.Core.Containers;

namespace Podsharp.Core.Host;

/// <summary>
/// The engine's configuration, read once in Service from the command line and containers.conf, storage.conf, registries.conf
/// (keys in reference/containers-conf.tsv). Defaults here are those of containers-common.
/// </summary>
public sealed record EngineOptions
{
    /// <summary>Those that dockerd gives.</summary>
    public IReadOnlyList<string> DefaultCapabilities { get; init; } =
    [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW",
        "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
    ];

    /// <summary>Whoever he runs as, a container's process may ping and listen at port 80, as dockerd has it: the network is its own.</summary>
    public IReadOnlyDictionary<string, string> DefaultSysctls { get; init; } = new Dictionary<string, string>
    {
        ["net.ipv4.ip_unprivileged_port_start"] = "0",
        ["net.ipv4.ping_group_range"] = "0 2147483647",
    };

    public IReadOnlyList<UserLimit> DefaultLimits { get; init; } = [];

    public IReadOnlyList<string> DefaultEnvironment { get; init; } =
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    public IReadOnlyList<DeviceMapping> DefaultDevices { get; init; } = [];

    /// <summary>Where vendors describe their devices (CDI), the later with precedence.</summary>
    public IReadOnlyList<string> DeviceDirectories { get; init; } = ["/etc/cdi", "/var/run/cdi"];

    public IReadOnlyList<string> DnsServers { get; init; } = [];

    public IReadOnlyList<string> DnsSearches { get; init; } = [];

    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>0: unlimited.</summary>
    public long PidsLimit { get; init; } = 2048;

    /// <summary>Bytes.</summary>
    public long ShmSize { get; init; } = 64 << 20;

    public string LogDriver { get; init; } = "k8s-file";

    /// <summary>Bytes after which a log begins anew where its container says nothing; 0 or less: no bound.</summary>
    public long LogSizeMaximum { get; init; } = 1L << 30;

    public string SeccompProfile { get; init; } = "/usr/share/containers/seccomp.json";

    public string Umask { get; init; } = "0022";

    /// <summary>Seconds.</summary>
    public int StopTimeout { get; init; } = 10;

    public bool Init { get; init; }

    public string InitPath { get; init; } = "";

    public string DetachKeys { get; init; } = "ctrl-p,ctrl-q";

    public string CgroupMode { get; init; } = "private";

    /// <summary>shareable, private, host or none.</summary>
    public string IpcMode { get; init; } = "private";

    /// <summary>Parent control group; empty: machine.slice with systemd, /podsharp with cgroupfs.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>Name of the network that containers are on by default, and its subnet (differs from Podman's).</summary>
    public string DefaultNetwork { get; init; } = "bridge";

    public string DefaultSubnet { get; init; } = "10.87.0.0/16";

    /// <summary>Bridge of the default network.</summary>
    public string DefaultBridge { get; init; } = "podsharp0";

    /// <summary>iptables, nftables, firewalld or none, as configured; empty: the network tool's own choice, which it does not tell.</summary>
    public string FirewallDriver { get; init; } = "";

    public string AppArmorProfile { get; init; } = "";

    /// <summary>New containers are kept apart by labels where the host has SELinux.</summary>
    public bool Labels { get; init; } = true;

    public bool NoHosts { get; init; }

    /// <summary>Area/City, "local" for the host's; empty: the image's own.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Mounted in every container that has nothing else at their targets.</summary>
    public IReadOnlyList<MountRequest> Volumes { get; init; } = [];

    public string HostContainersInternalAddress { get; init; } = "";
}
