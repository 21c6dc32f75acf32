using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.System;

/// <summary>Docker's Info (reference/wire-types.md B4). Members that only some API versions have are left out where null.</summary>
public sealed record InfoReply
{
    [JsonPropertyName("ID")]
    public required string Id { get; init; }

    public int Containers { get; init; }

    public int ContainersRunning { get; init; }

    public int ContainersPaused { get; init; }

    public int ContainersStopped { get; init; }

    public int Images { get; init; }

    public required string Driver { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> DriverStatus { get; init; }

    public required PluginsInfo Plugins { get; init; }

    public bool MemoryLimit { get; init; }

    public bool SwapLimit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? KernelMemory { get; init; }

    [JsonPropertyName("KernelMemoryTCP"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? KernelMemoryTcp { get; init; }

    public bool CpuCfsPeriod { get; init; }

    public bool CpuCfsQuota { get; init; }

    [JsonPropertyName("CPUShares")]
    public bool CpuShares { get; init; }

    [JsonPropertyName("CPUSet")]
    public bool CpuSet { get; init; }

    public bool PidsLimit { get; init; }

    [JsonPropertyName("IPv4Forwarding")]
    public bool IPv4Forwarding { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BridgeNfIptables { get; init; }

    [JsonPropertyName("BridgeNfIp6tables"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BridgeNfIp6Tables { get; init; }

    public bool Debug { get; init; }

    [JsonPropertyName("NFd")]
    public int OpenFiles { get; init; }

    public bool OomKillDisable { get; init; }

    [JsonPropertyName("NGoroutines")]
    public int Goroutines { get; init; }

    public required string SystemTime { get; init; }

    public required string LoggingDriver { get; init; }

    public required string CgroupDriver { get; init; }

    public required string CgroupVersion { get; init; }

    [JsonPropertyName("NEventsListener")]
    public int EventListeners { get; init; }

    public required string KernelVersion { get; init; }

    public required string OperatingSystem { get; init; }

    [JsonPropertyName("OSVersion")]
    public required string OsVersion { get; init; }

    [JsonPropertyName("OSType")]
    public string OsType { get; init; } = "linux";

    public required string Architecture { get; init; }

    public string IndexServerAddress { get; init; } = "https://index.docker.io/v1/";

    public required RegistryConfig RegistryConfig { get; init; }

    [JsonPropertyName("NCPU")]
    public int Processors { get; init; }

    [JsonPropertyName("MemTotal")]
    public long MemoryTotal { get; init; }

    public IReadOnlyList<string>? GenericResources { get; init; }

    public required string DockerRootDir { get; init; }

    public string HttpProxy { get; init; } = "";

    public string HttpsProxy { get; init; } = "";

    public string NoProxy { get; init; } = "";

    public required string Name { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public bool ExperimentalBuild { get; init; }

    public required string ServerVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClusterStore { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClusterAdvertise { get; init; }

    public required IReadOnlyDictionary<string, RuntimeInfo> Runtimes { get; init; }

    public required string DefaultRuntime { get; init; }

    public SwarmInfo Swarm { get; init; } = new();

    public bool LiveRestoreEnabled { get; init; } = true;

    public string Isolation { get; init; } = "";

    public required string InitBinary { get; init; }

    public required Commit ContainerdCommit { get; init; }

    public required Commit RuncCommit { get; init; }

    public required Commit InitCommit { get; init; }

    public required IReadOnlyList<string> SecurityOptions { get; init; }

    /// <summary>Since API 1.49, where it is known; null leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FirewallInfo? FirewallBackend { get; init; }

    [JsonPropertyName("CDISpecDirs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? CdiSpecDirectories { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }
}

public sealed record PluginsInfo(IReadOnlyList<string> Volume, IReadOnlyList<string> Network, IReadOnlyList<string>? Authorization, IReadOnlyList<string> Log);

/// <param name="Driver">iptables, nftables, firewalld or none.</param>
public sealed record FirewallInfo(string Driver);

public sealed record RegistryConfig(
    [property: JsonPropertyName("InsecureRegistryCIDRs")] IReadOnlyList<string> InsecureRegistryCidrs,
    IReadOnlyDictionary<string, IndexInfo> IndexConfigs,
    IReadOnlyList<string>? Mirrors);

public sealed record IndexInfo(string Name, IReadOnlyList<string> Mirrors, bool Secure, bool Official);

public sealed record RuntimeInfo([property: JsonPropertyName("path")] string Path);

/// <param name="Expected">Until API 1.48; null leaves it out.</param>
public sealed record Commit(
    [property: JsonPropertyName("ID")] string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Expected);

/// <summary>This engine is in no swarm.</summary>
public sealed record SwarmInfo
{
    [JsonPropertyName("NodeID")]
    public string NodeId { get; init; } = "";

    public string NodeAddr { get; init; } = "";

    public string LocalNodeState { get; init; } = "inactive";

    public bool ControlAvailable { get; init; }

    public string Error { get; init; } = "";

    public IReadOnlyList<string>? RemoteManagers { get; init; }
}
