using System.Text.Json.Serialization;

namespace Podsharp.Wire.Libpod.System;

// libpod's Info (reference/wire-types.md C5); names are camelCase unless they say otherwise.

public sealed record InfoReport(
    HostReport Host, StoreReport Store, IReadOnlyDictionary<string, IReadOnlyList<string>> Registries, PluginsReport Plugins, VersionReport Version);

public sealed record HostReport
{
    public required string Arch { get; init; }

    public string BuildahVersion { get; init; } = "";

    public required string CgroupManager { get; init; }

    public required string CgroupVersion { get; init; }

    public required IReadOnlyList<string> CgroupControllers { get; init; }

    public required ToolReport Conmon { get; init; }

    public required int Cpus { get; init; }

    public CpuReport? CpuUtilization { get; init; }

    public string DatabaseBackend { get; init; } = "sqlite";

    public required DistributionReport Distribution { get; init; }

    public string EventLogger { get; init; } = "file";

    public required string Hostname { get; init; }

    public IdMappingsReport IdMappings { get; init; } = new();

    public required string Kernel { get; init; }

    public required string LogDriver { get; init; }

    public long MemFree { get; init; }

    public required long MemTotal { get; init; }

    public string NetworkBackend { get; init; } = "netavark";

    public required NetworkReport NetworkBackendInfo { get; init; }

    public required RuntimeReport OciRuntime { get; init; }

    public string Os { get; init; } = "linux";

    public required RemoteSocketReport RemoteSocket { get; init; }

    public string RootlessNetworkCmd { get; init; } = "pasta";

    public bool ServiceIsRemote { get; init; } = true;

    public required SecurityReport Security { get; init; }

    public PastaReport Pasta { get; init; } = new("", "", "");

    public long SwapFree { get; init; }

    public long SwapTotal { get; init; }

    public string Uptime { get; init; } = "";

    public string Variant { get; init; } = "";

    public string Linkmode { get; init; } = "static";
}

public sealed record ToolReport(string Package, string Path, string Version);

public sealed record RuntimeReport(string Name, string Package, string Path, string Version);

public sealed record CpuReport(double UserPercent, double SystemPercent, double IdlePercent);

public sealed record DistributionReport(
    string Distribution, string Version, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Codename);

public sealed record IdMappingsReport
{
    /// <summary>Null for root's service.</summary>
    public IReadOnlyList<IdMapReport>? Gidmap { get; init; }

    public IReadOnlyList<IdMapReport>? Uidmap { get; init; }
}

public sealed record IdMapReport(
    [property: JsonPropertyName("container_id")] long ContainerId, [property: JsonPropertyName("host_id")] long HostId, long Size);

public sealed record NetworkReport(string Backend, string Version, string Package, string Path, DnsReport Dns);

public sealed record DnsReport(string Version, string Package, string Path);

public sealed record RemoteSocketReport(string Path, bool Exists);

public sealed record SecurityReport
{
    public bool ApparmorEnabled { get; init; }

    public string Capabilities { get; init; } = "";

    public bool Rootless { get; init; }

    public bool SeccompEnabled { get; init; }

    public string SeccompProfilePath { get; init; } = "";

    public bool SelinuxEnabled { get; init; }
}

public sealed record PastaReport(string Executable, string Package, string Version);

public sealed record StoreReport
{
    public required ContainerStoreReport ContainerStore { get; init; }

    public string ConfigFile { get; init; } = "";

    public string GraphDriverName { get; init; } = "overlay";

    public IReadOnlyDictionary<string, string> GraphOptions { get; init; } = new Dictionary<string, string>();

    public required string GraphRoot { get; init; }

    public ulong GraphRootAllocated { get; init; }

    public ulong GraphRootUsed { get; init; }

    public required IReadOnlyDictionary<string, string> GraphStatus { get; init; }

    public required string ImageCopyTmpDir { get; init; }

    public required ImageStoreReport ImageStore { get; init; }

    public required string RunRoot { get; init; }

    public required string VolumePath { get; init; }

    public bool TransientStore { get; init; }
}

public sealed record ContainerStoreReport(int Number, int Paused, int Running, int Stopped);

public sealed record ImageStoreReport(int Number);

public sealed record PluginsReport(
    IReadOnlyList<string> Volume, IReadOnlyList<string> Network, IReadOnlyList<string> Log, IReadOnlyList<string>? Authorization);

public sealed record VersionReport
{
    [JsonPropertyName("APIVersion")]
    public required string ApiVersion { get; init; }

    [JsonPropertyName("Version")]
    public required string Version { get; init; }

    [JsonPropertyName("GoVersion")]
    public string GoVersion { get; init; } = "";

    [JsonPropertyName("GitCommit")]
    public string GitCommit { get; init; } = "";

    [JsonPropertyName("BuiltTime")]
    public required string BuiltTime { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("Built")]
    public required long Built { get; init; }

    [JsonPropertyName("OsArch")]
    public required string OsArch { get; init; }

    [JsonPropertyName("Os")]
    public string Os { get; init; } = "linux";
}
