using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Writes a new container's definition and makes its own directories; all or nothing.</summary>
public sealed class ContainerDefinition(
    IContainerStore containers, INetworkStore networks, ContainerLinks links, IRootFileSystems roots, EventPublisher events, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public string MakeUpName() => ContainerNames.MadeUp(containers);

    /// <summary>Checks the places and names their networks, which may have been asked for by id.</summary>
    public NetworkSpec Placed(NetworkSpec spec)
    {
        links.Check(spec);
        if (spec.Mode.Kind is not (NamespaceKind.Default or NamespaceKind.Bridge)) return spec;
        var places = new Dictionary<string, EndpointSpec>();
        foreach (var (name, place) in spec.Places())
        {
            var network = name is "default" or "bridge" ? null : networks.Find(name)
                // Not NotFound: of a creation, clients take that to mean the image, and go to pull it.
                ?? throw EngineException.InvalidInput($"network {name} not found");
            NetworkPlaces.CheckRequest(network, place, $"invalid config for network {name}: ");
            if (!places.TryAdd(network?.Name ?? "bridge", place))
                throw EngineException.InvalidInput($"network {name} is asked for twice, by name and by id");
        }

        return spec.Endpoints.Count == 0 ? spec : spec with { Endpoints = places };
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
