using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>What a process stands on: its mounted root and its network namespace.</summary>
public sealed class LaunchGround(
    ContainerLookup lookup, IRootFileSystems roots, INetworkNamespaces namespaces, NetworkPlanner planner, ContainerNetworking networking, LiveNetworkFiles files, StorePaths paths)
{
    private const string HostsMemory = "/dev/shm";

    private static readonly Dictionary<string, string> NoSysctls = [];

    public Task<NetworkPlan> PlanAsync(Container container, CancellationToken cancellationToken) => planner.PlanAsync(container, cancellationToken);

    public Task UndoPlanAsync(Container container, NetworkPlan plan) => networking.UndoAsync(container, plan, "", CancellationToken.None);

    public string NamespacePath(ContainerId id) => paths.NetworkNamespace(id);

    public async Task<(string Path, string SharedMemory)> MakeAsync(Container container, NetworkPlan plan, CancellationToken cancellationToken)
    {
        var space = plan.OwnsNamespace ? namespaces.CreateAsync(container.Id, NoSysctls, cancellationToken) : Task.FromResult("");
        var root = roots.MountAsync(container.Id, container.Layers, cancellationToken);
        var memory = container.Spec.IpcMode.Kind == NamespaceKind.Shareable
            ? roots.MountSharedMemoryAsync(container.Id, container.Spec.ShmSize ?? 64 << 20, cancellationToken)
            : Task.FromResult(MemoryOfOthers(container));
        await Task.WhenAll(space, root, memory);
        return (await root, await memory);
    }

    public async Task SetUpNetworkAsync(Container container, NetworkPlan plan, CancellationToken cancellationToken)
    {
        await networking.SetUpAsync(container, plan, container.State.NetworkNamespace, cancellationToken);
        files.TellThoseLinkedTo(container);
    }

    // Shared memory by name (shm_open(3)) is files there: who shares an IPC namespace shares them. Empty: none.
    private string MemoryOfOthers(Container container) => container.Spec.IpcMode switch
    {
        { Kind: NamespaceKind.Host } => HostsMemory,
        { Kind: NamespaceKind.Container, Value: var other } => MemoryOf(lookup.Find(other)),
        _ => "",
    };

    private string MemoryOf(Container donor) =>
        donor.Spec.IpcMode.Kind == NamespaceKind.Shareable ? paths.SharedMemory(donor.Id) : MemoryOfOthers(donor);
}
