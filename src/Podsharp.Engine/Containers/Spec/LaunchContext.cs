using Podsharp.Core.Containers;
using Podsharp.Core.Host;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>All that the parts of the OCI configuration are built from, gathered before they are.</summary>
internal sealed record LaunchContext
{
    public required Container Container { get; init; }

    public required HostFacts Host { get; init; }

    public required EngineOptions Options { get; init; }

    /// <summary>Mounted root.</summary>
    public required string RootFs { get; init; }

    public required UserIdentity User { get; init; }

    /// <summary>Empty: none.</summary>
    public string AppArmorProfile { get; init; } = "";

    /// <summary>Path of the network namespace: its own, or that of the container it joins; empty for a new empty one or the host's.</summary>
    public string NetworkNamespace { get; init; } = "";

    /// <summary>Host pids of the containers whose namespaces are joined.</summary>
    public int JoinedPid { get; init; }

    public int JoinedIpc { get; init; }

    public int JoinedUts { get; init; }

    public int JoinedCgroup { get; init; }

    /// <summary>Host path that /dev/shm is bound from; empty for a tmpfs of its own.</summary>
    public string SharedMemory { get; init; } = "";

    /// <summary>Engine-made files and their places in the container.</summary>
    public IReadOnlyList<EngineFile> Files { get; init; } = [];

    public IReadOnlyList<DeviceNode> Devices { get; init; } = [];

    public ContainerSpec Spec => Container.Spec;

    public bool Privileged => Spec.Security.Privileged;
}

/// <summary>A file that the engine puts in a container's way.</summary>
/// <param name="Source">On the host.</param>
/// <param name="ReadOnly">It is the host's own, which no container may change.</param>
internal readonly record struct EngineFile(string Source, string Target, bool ReadOnly = false);

/// <summary>Who the process runs as.</summary>
/// <param name="Home">Home directory.</param>
internal sealed record UserIdentity(uint UserId, uint GroupId, IReadOnlyList<uint> AdditionalGroups, string Home);
