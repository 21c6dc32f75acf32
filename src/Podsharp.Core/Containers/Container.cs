using Podsharp.Core.Images;
using Podsharp.Core.Networks;

namespace Podsharp.Core.Containers;

/// <summary>A container: its immutable definition and its present state. Changed by <c>with</c> only.</summary>
public sealed record Container
{
    public required ContainerId Id { get; init; }

    /// <summary>Without a leading slash.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required Digest ImageId { get; init; }

    /// <summary>Layers of its root, base first, fixed when it was created.</summary>
    public IReadOnlyList<Digest> Layers { get; init; } = [];

    /// <summary>Merged with the image's configuration.</summary>
    public required ContainerSpec Spec { get; init; }

    public IReadOnlyList<ResolvedMount> Mounts { get; init; } = [];

    /// <summary>Log driver in force.</summary>
    public string LogDriver { get; init; } = "k8s-file";

    /// <summary>Label of SELinux that its processes have; empty: none. Records of older stores have none.</summary>
    public string ProcessLabel { get; init => field = value ?? ""; } = "";

    /// <summary>Label that its files have; empty where the host had no SELinux when it was created.</summary>
    public string MountLabel { get; init => field = value ?? ""; } = "";

    public ContainerState State { get; init; } = new();

    /// <summary>As clients see it: once it is down it has no address, though it may not have been taken off its networks yet.</summary>
    public Container AsSeen() => State.IsUp || State.IsOffNetworks() ? this : this with { State = State.OffNetworks() };
}

public enum ContainerPhase
{
    Created,
    Running,
    Paused,

    /// <summary>Exited, and waiting to be started again by its restart policy.</summary>
    Restarting,
    Removing,
    Exited,

    /// <summary>Removal failed half-way; only removal is possible.</summary>
    Dead,
}

/// <summary>What is true of the container now. Persisted with the boot id: after a reboot nothing of it runs.</summary>
public sealed record ContainerState
{
    public ContainerPhase Phase { get; init; } = ContainerPhase.Created;

    /// <summary>Counts starts; each start has its own bundle, exit and persist directories.</summary>
    public int Generation { get; init; }

    /// <summary>Host pid of the container's init; 0 when down.</summary>
    public int Pid { get; init; }

    /// <summary>Start time of that pid in clock ticks since boot (proc_pid_stat(5), field 22): guards against reuse.</summary>
    public long PidStartTime { get; init; }

    public int MonitorPid { get; init; }

    /// <summary>Of AppArmor, that its processes run under since its last start; empty: none.</summary>
    public string AppArmorProfile { get; init => field = value ?? ""; } = "";

    public int ExitCode { get; init; }

    public string Error { get; init; } = "";

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Finished { get; init; }

    public bool OomKilled { get; init; }

    public int RestartCount { get; init; }

    /// <summary>How long its restart policy waited last; zero when it has not since it was started by a person, or ran steadily.</summary>
    public TimeSpan RestartDelay { get; init; }

    /// <summary>The machine was started since the container last ran, and its restart policy has not been asked yet.</summary>
    public bool Rebooted { get; init; }

    /// <summary>Null without a health check, or before the first start.</summary>
    public ContainerHealth? Health { get; init; }

    /// <summary>A person stopped it: "unless-stopped" stays down.</summary>
    public bool StoppedByUser { get; init; }

    /// <summary>Addresses and ports while it is on a network of its own.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; init; } = [];

    /// <summary>Names and ids of the networks that it was on when it last ran: they outlive the endpoints. Null: there were none.</summary>
    public IReadOnlyDictionary<string, string>? LastNetworks { get; init; }

    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Path of the network namespace file; empty when it has none of its own.</summary>
    public string NetworkNamespace { get; init; } = "";

    /// <summary>Clean-up (network, mounts, runtime state) of the last run is still owed.</summary>
    public bool CleanupOwed { get; init; }

    /// <summary>It is paused only until its files have been read.</summary>
    public bool ThawOwed { get; init; }

    public bool IsUp => Phase is ContainerPhase.Running or ContainerPhase.Paused;

    /// <summary>Nothing of a network of its own is left to take down, or to show.</summary>
    public bool IsOffNetworks() => this is { NetworkNamespace: "", Endpoints: [], Ports: [] };

    /// <summary>Without what it has only while it is on its networks, whose names and ids it keeps.</summary>
    public ContainerState OffNetworks() => this with
    {
        Endpoints = [],
        LastNetworks = Endpoints.Count == 0 ? LastNetworks : Endpoints.ToDictionary(static endpoint => endpoint.NetworkName, static endpoint => endpoint.NetworkId),
        Ports = [],
        NetworkNamespace = "",
    };

    public bool IsRunning => Phase is ContainerPhase.Running or ContainerPhase.Paused or ContainerPhase.Restarting;
}
