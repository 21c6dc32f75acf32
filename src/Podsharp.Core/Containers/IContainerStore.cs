namespace Podsharp.Core.Containers;

/// <summary>
/// The index of containers. Reads answer from memory and never block; writes return when the change is as durable as its
/// kind needs: definitions survive a power cut, state survives the service, and the last exit survives a reboot.
/// </summary>
public interface IContainerStore
{
    IReadOnlyCollection<Container> All { get; }

    Container? Find(ContainerId id);

    /// <summary>By exact name; case-sensitive.</summary>
    Container? FindByName(string name);

    /// <summary>All whose id starts with <paramref name="prefix"/> (hex digits).</summary>
    IReadOnlyList<Container> FindByPrefix(string prefix);

    /// <summary>Adds a definition. Conflict if name or id is taken; the message names the holder.</summary>
    ValueTask AddAsync(Container container, CancellationToken cancellationToken);

    /// <summary>Replaces the state of a container; nothing else of it changes. The last state given wins.</summary>
    ValueTask SaveStateAsync(ContainerId id, ContainerState state, CancellationToken cancellationToken);

    /// <summary>Replaces definition and name (rename, update). Conflict if the new name is taken.</summary>
    ValueTask ReplaceAsync(Container container, CancellationToken cancellationToken);

    /// <summary>Forgets the container; no error when it is gone already.</summary>
    ValueTask RemoveAsync(ContainerId id, CancellationToken cancellationToken);
}
