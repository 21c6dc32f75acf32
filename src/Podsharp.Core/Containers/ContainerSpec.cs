using Podsharp.Core.Networks;

namespace Podsharp.Core.Containers;

/// <summary>
/// Everything that a caller may ask of a container, in the engine's own words: both dialects map to it. As a request it holds
/// what was asked; as part of a <see cref="Container"/> it is merged with the image's configuration and the engine's defaults
/// are still marked as such (null, <see cref="NamespaceKind.Default"/>) where inspection must show what was asked.
/// </summary>
public sealed record ContainerSpec
{
    /// <summary>The image as the caller wrote it.</summary>
    public string ImageName { get; init; } = "";

    public ProcessSpec Process { get; init; } = new();

    public string Hostname { get; init; } = "";

    public string DomainName { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public string? StopSignal { get; init; }

    /// <summary>Grace period in seconds; −1 waits for ever; null is the engine's default.</summary>
    public int? StopTimeout { get; init; }

    public HealthCheck? HealthCheck { get; init; }

    public RestartPolicy RestartPolicy { get; init; } = new();

    /// <summary>Remove the container, and its anonymous volumes, when it exits.</summary>
    public bool AutoRemove { get; init; }

    public NamespaceMode PidMode { get; init; }

    public NamespaceMode IpcMode { get; init; }

    public NamespaceMode UtsMode { get; init; }

    public NamespaceMode UserMode { get; init; }

    public NamespaceMode CgroupMode { get; init; }

    public NetworkSpec Network { get; init; } = new();

    public MountsSpec Mounts { get; init; } = new();

    public ResourceLimits Resources { get; init; } = new();

    public SecuritySpec Security { get; init; } = new();

    public LogSpec Log { get; init; } = new();

    /// <summary>Run an init process as PID 1 that reaps and passes signals on; null is the engine's default.</summary>
    public bool? Init { get; init; }

    /// <summary>Bytes of /dev/shm; null is the engine's default.</summary>
    public long? ShmSize { get; init; }

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> StorageOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Name or path of the OCI runtime; empty is the engine's default.</summary>
    public string Runtime { get; init; } = "";

    public string CgroupParent { get; init; } = "";

    /// <summary>Path the client wrote the id to; kept for inspection only.</summary>
    public string ContainerIdFile { get; init; } = "";

    /// <summary>Lists that the caller gave as empty, where others leave them out, by their names in its dialect; kept for inspection only.</summary>
    public IReadOnlyList<string> GivenEmpty { get; init => field = value ?? []; } = [];
}

/// <summary>The container's main process.</summary>
public sealed record ProcessSpec
{
    /// <summary>Null: the image's. Empty: none.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Null: the image's, unless an entrypoint was given.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>NAME=VALUE; NAME alone removes the image's variable.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>user[:group], names or numbers; empty: the image's, else root.</summary>
    public string User { get; init; } = "";

    public string WorkingDirectory { get; init; } = "";

    public bool Terminal { get; init; }

    public bool OpenStdin { get; init; }

    /// <summary>Close stdin when the first attached client goes.</summary>
    public bool StdinOnce { get; init; }

    public bool AttachStdin { get; init; }

    public bool AttachStdout { get; init; }

    public bool AttachStderr { get; init; }

    /// <summary>Initial terminal size; 0×0 unknown.</summary>
    public TerminalSize TerminalSize { get; init; }

    public IReadOnlyList<string>? Shell { get; init; }

    public IReadOnlyList<string>? OnBuild { get; init; }

    public bool ArgsEscaped { get; init; }
}

/// <summary>Rows and columns.</summary>
public readonly record struct TerminalSize(int Height, int Width);

/// <summary>A health check; null durations are the defaults (reference/protocols.md §11).</summary>
/// <param name="Test">Empty: the image's. ["NONE"]: none. ["CMD", …] or ["CMD-SHELL", text].</param>
public sealed record HealthCheck(
    IReadOnlyList<string> Test,
    TimeSpan? Interval,
    TimeSpan? Timeout,
    TimeSpan? StartPeriod,
    TimeSpan? StartInterval,
    int? Retries);

public enum RestartKind
{
    No,
    Always,
    OnFailure,
    UnlessStopped,
}

/// <param name="MaximumRetries">For on-failure: 0 is without end.</param>
/// <param name="Written">The policy's name as asked for ("" and "no" mean the same but are shown as given).</param>
public sealed record RestartPolicy(RestartKind Kind = RestartKind.No, int MaximumRetries = 0, string Written = "");

/// <param name="Driver">Empty: the engine's default. k8s-file, json-file, local, none, journald.</param>
public sealed record LogSpec(string Driver, IReadOnlyDictionary<string, string> Options)
{
    public LogSpec() : this("", new Dictionary<string, string>())
    {
    }
}

public sealed record SecuritySpec
{
    public bool Privileged { get; init; }

    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    /// <summary>no-new-privileges[:bool], seccomp=…, apparmor=…, label=…, systempaths=unconfined.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public bool ReadOnlyRoot { get; init; }

    /// <summary>Null: the engine's list. Empty: none.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Null: the engine's list. Empty: none.</summary>
    public IReadOnlyList<string>? ReadOnlyPaths { get; init; }

    public IReadOnlyList<string> AdditionalGroups { get; init; } = [];

    public int? OomScoreAdjust { get; init; }
}

/// <summary>How the container is on the network.</summary>
public sealed record NetworkSpec
{
    /// <summary>Default or Bridge: the networks in <see cref="Endpoints"/>, else the default network.</summary>
    public NamespaceMode Mode { get; init; }

    /// <summary>The mode as asked for ("default", "bridge", a network's name …), shown by inspection.</summary>
    public string Written { get; init; } = "";

    public bool Disabled { get; init; }

    /// <summary>By network name or id as asked for.</summary>
    public IReadOnlyDictionary<string, EndpointSpec> Endpoints { get; init; } = new Dictionary<string, EndpointSpec>();

    /// <summary>Taken off its last network: it is on none, whatever its mode, until it is connected to one.</summary>
    public bool Disconnected { get; init; }

    public string MacAddress { get; init; } = "";

    public IReadOnlyList<PortKey> ExposedPorts { get; init; } = [];

    public IReadOnlyList<PortBinding> PortBindings { get; init; } = [];

    public bool PublishAllPorts { get; init; }

    public IReadOnlyList<string> Dns { get; init; } = [];

    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    /// <summary>name:address, address may be host-gateway.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>The networks it is to be on: <see cref="Endpoints"/>, or what its mode stands for where it names none.</summary>
    public IReadOnlyDictionary<string, EndpointSpec> Places() => Mode.Kind switch
    {
        _ when Endpoints.Count > 0 => Endpoints,
        NamespaceKind.Default or NamespaceKind.Bridge when !Disconnected && !Disabled =>
            new Dictionary<string, EndpointSpec> { [Mode.Kind == NamespaceKind.Bridge && Written.Length > 0 ? Written : "default"] = new() },
        _ => new Dictionary<string, EndpointSpec>(),
    };
}

/// <summary>A request to publish a container port.</summary>
/// <param name="HostIp">Empty: all addresses.</param>
/// <param name="HostPort">"" or "0": any free one; "8080"; or a range "8000-8010" from which one is taken.</param>
public sealed record PortBinding(PortKey Container, string HostIp, string HostPort);
