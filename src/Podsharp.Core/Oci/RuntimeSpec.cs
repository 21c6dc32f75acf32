using System.Text.Json.Serialization;

namespace Podsharp.Core.Oci;

// The parts of the OCI runtime specification (config.md, config-linux.md; schema in reference/oci-runtime-spec) that the
// engine fills in. Serialised in camelCase, null members left out.

public sealed record RuntimeSpec
{
    public string OciVersion { get; init; } = "1.0.2";

    public required RuntimeProcess Process { get; init; }

    public required RuntimeRoot Root { get; init; }

    public string? Hostname { get; init; }

    public IReadOnlyList<RuntimeMount> Mounts { get; init; } = [];

    public RuntimeHooks? Hooks { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public required LinuxSpec Linux { get; init; }
}

/// <param name="Path">Absolute path of the mounted root.</param>
public sealed record RuntimeRoot(string Path, bool Readonly);

public sealed record RuntimeMount(string Destination, string Type, string Source, IReadOnlyList<string> Options);

public sealed record RuntimeProcess
{
    public bool Terminal { get; init; }

    public ConsoleSize? ConsoleSize { get; init; }

    public required RuntimeUser User { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public IReadOnlyList<string> Env { get; init; } = [];

    public string Cwd { get; init; } = "/";

    public RuntimeCapabilities? Capabilities { get; init; }

    public IReadOnlyList<RuntimeRlimit>? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }

    public string? ApparmorProfile { get; init; }

    public int? OomScoreAdj { get; init; }

    public string? SelinuxLabel { get; init; }
}

public sealed record ConsoleSize(uint Height, uint Width);

public sealed record RuntimeUser(uint Uid, uint Gid, uint? Umask, IReadOnlyList<uint>? AdditionalGids);

public sealed record RuntimeCapabilities(
    IReadOnlyList<string> Bounding,
    IReadOnlyList<string> Effective,
    IReadOnlyList<string> Inheritable,
    IReadOnlyList<string> Permitted,
    IReadOnlyList<string> Ambient);

/// <param name="Type">RLIMIT_NOFILE …</param>
public sealed record RuntimeRlimit(string Type, ulong Hard, ulong Soft);

public sealed record LinuxSpec
{
    public IReadOnlyList<LinuxNamespace> Namespaces { get; init; } = [];

    public IReadOnlyList<LinuxDevice>? Devices { get; init; }

    public string? CgroupsPath { get; init; }

    public LinuxResources? Resources { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>The profile's JSON object, passed through.</summary>
    public LinuxSeccomp? Seccomp { get; init; }

    public string? RootfsPropagation { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    public string? MountLabel { get; init; }

    public IReadOnlyList<LinuxIdMapping>? UidMappings { get; init; }

    public IReadOnlyList<LinuxIdMapping>? GidMappings { get; init; }
}

/// <param name="Type">pid, network, ipc, uts, mount, user, cgroup.</param>
/// <param name="Path">Null: a new one.</param>
public sealed record LinuxNamespace(string Type, string? Path = null);

public sealed record LinuxDevice(string Path, string Type, long Major, long Minor, uint? FileMode, uint? Uid, uint? Gid);

public sealed record LinuxIdMapping(
    [property: JsonPropertyName("containerID")] uint ContainerId,
    [property: JsonPropertyName("hostID")] uint HostId,
    uint Size);

public sealed record LinuxResources
{
    public IReadOnlyList<LinuxDeviceRule>? Devices { get; init; }

    public LinuxMemory? Memory { get; init; }

    public LinuxCpu? Cpu { get; init; }

    public LinuxPids? Pids { get; init; }

    [JsonPropertyName("blockIO")]
    public LinuxBlockIo? BlockIo { get; init; }

    /// <summary>cgroup v2 files and their text.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}

/// <param name="Type">a, b, c.</param>
public sealed record LinuxDeviceRule(bool Allow, string? Type, long? Major, long? Minor, string? Access);

public sealed record LinuxMemory
{
    public long? Limit { get; init; }

    public long? Reservation { get; init; }

    public long? Swap { get; init; }

    public ulong? Swappiness { get; init; }

    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }
}

public sealed record LinuxCpu
{
    public ulong? Shares { get; init; }

    public long? Quota { get; init; }

    public ulong? Period { get; init; }

    public long? RealtimeRuntime { get; init; }

    public ulong? RealtimePeriod { get; init; }

    public string? Cpus { get; init; }

    public string? Mems { get; init; }
}

public sealed record LinuxPids(long Limit);

public sealed record LinuxBlockIo
{
    public ushort? Weight { get; init; }

    public IReadOnlyList<LinuxWeightDevice>? WeightDevice { get; init; }

    public IReadOnlyList<LinuxThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    public IReadOnlyList<LinuxThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<LinuxThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<LinuxThrottleDevice>? ThrottleWriteIopsDevice { get; init; }
}

public sealed record LinuxWeightDevice(long Major, long Minor, ushort? Weight);

public sealed record LinuxThrottleDevice(long Major, long Minor, ulong Rate);

public sealed record LinuxSeccomp
{
    public required string DefaultAction { get; init; }

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public IReadOnlyList<LinuxSyscallRule>? Syscalls { get; init; }
}

public sealed record LinuxSyscallRule
{
    public required IReadOnlyList<string> Names { get; init; }

    public required string Action { get; init; }

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<LinuxSyscallArgument>? Args { get; init; }
}

public sealed record LinuxSyscallArgument(uint Index, ulong Value, ulong? ValueTwo, string Op);
