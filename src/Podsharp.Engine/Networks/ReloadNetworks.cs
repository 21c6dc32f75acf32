using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.System;

namespace Podsharp.Engine.Networks;

/// <param name="Fault">Null: its rules are back.</param>
public sealed record ReloadedContainer(string Name, string? Fault);

/// <summary>
/// Makes the firewall rules of all running containers anew, after somebody flushed them. Where they are still there nothing changes;
/// interfaces, addresses and connections stay. One container's failure stops no other's.
/// </summary>
public sealed class ReloadNetworks(IContainerStore containers, ContainerLocks locks, ContainerNetworking networking, PendingDuties duties)
{
    public async Task<IReadOnlyList<ReloadedContainer>> RunAsync(CancellationToken cancellationToken)
    {
        using var duty = duties.Begin("reload of networks");
        var outcome = new List<ReloadedContainer>();
        foreach (var id in containers.All.Where(HasNetworks).Select(container => container.Id))
        {
            using var held = await locks.EnterAsync(id, cancellationToken);
            if (containers.Find(id) is not { } container || !HasNetworks(container)) continue;
            outcome.Add(new ReloadedContainer(container.Name, await FaultAsync(container, cancellationToken)));
        }

        return outcome;
    }

    private async Task<string?> FaultAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            await networking.RestoreAsync(container, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            return failure.Message;
        }
    }

    private static bool HasNetworks(Container container) => container.State.IsUp && container.State.Endpoints.Count > 0;
}
