using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Testing;

/// <summary>Containers in memory.</summary>
public sealed class FakeContainerStore : IContainerStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ContainerId, Container> _containers = [];

    public IReadOnlyCollection<Container> All
    {
        get { lock (_lock) return [.. _containers.Values]; }
    }

    public Container? Find(ContainerId id)
    {
        lock (_lock) return _containers.GetValueOrDefault(id);
    }

    public Container? FindByName(string name) => All.FirstOrDefault(container => container.Name == name);

    public IReadOnlyList<Container> FindByPrefix(string prefix) =>
        [.. All.Where(container => container.Id.ToString().StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Puts a container in without awaiting, for arranging tests.</summary>
    public Container Put(Container container)
    {
        lock (_lock) return _containers[container.Id] = container;
    }

    public ValueTask AddAsync(Container container, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            RefuseTakenName(container);
            if (!_containers.TryAdd(container.Id, container))
                throw EngineException.Conflict($"Conflict. The container id {container.Id} is already in use.");
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SaveStateAsync(ContainerId id, ContainerState state, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_containers.TryGetValue(id, out var container)) _containers[id] = container with { State = state };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReplaceAsync(Container container, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            RefuseTakenName(container);
            _containers[container.Id] = container;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(ContainerId id, CancellationToken cancellationToken)
    {
        lock (_lock) _containers.Remove(id);
        return ValueTask.CompletedTask;
    }

    private void RefuseTakenName(Container container)
    {
        var holder = _containers.Values.FirstOrDefault(other => other.Name == container.Name && other.Id != container.Id);
        if (holder is not null)
            throw EngineException.Conflict(
                $"Conflict. The container name \"/{container.Name}\" is already in use by container \"{holder.Id}\". "
                + "You have to remove (or rename) that container to be able to reuse that name.");
    }
}
