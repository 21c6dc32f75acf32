using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Writes a new container's definition and makes its own directories; all or nothing.</summary>
public sealed class ContainerDefinition(
    IContainerStore containers, INetworkStore networks, IRootFileSystems roots, EventPublisher events, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public string MakeUpName() => ContainerNames.MadeUp(containers);

    public void CheckNetworks(ContainerSpec spec)
    {
        if (spec.Network.Mode.Kind is not (NamespaceKind.Default or NamespaceKind.Bridge)) return;
        foreach (var name in spec.Network.Endpoints.Keys)
            if (name is not ("default" or "bridge") && networks.Find(name) is null)
                // Not NotFound: of a creation, clients take that to mean the image, and go to pull it.
                throw EngineException.InvalidInput($"network {name} not found");
    }

    public async Task AddAsync(Container container, CancellationToken cancellationToken)
    {
        // Checked again by the store; here it spares the directories.
        if (containers.FindByName(container.Name) is { } holder)
            throw EngineException.Conflict(
                $"Conflict. The container name \"/{container.Name}\" is already in use by container \"{holder.Id}\". You have to remove (or rename) that container to be able to reuse that name.");
        await roots.CreateAsync(container.Id, cancellationToken);
        try
        {
            await containers.AddAsync(container, cancellationToken);
        }
        catch
        {
            await roots.RemoveAsync(container.Id, CancellationToken.None);
            throw;
        }

        events.Container(container, "create");
    }
}
