using System.Text.Json;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Storage.Databases;

namespace Podsharp.Storage.Containers;

/// <summary>
/// Definitions and the last known state lie in the lasting database, every state in the running one. The lasting one is told
/// when a container comes up or goes down only, without waiting for the disk, so that a start never does an fsync.
/// </summary>
internal sealed partial class ContainerStore : IContainerStore
{
    private const int KilledByReboot = 255;
    private readonly Database _definitions;
    private readonly Database _running;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ContainerId> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Container> _containers = new(StringComparer.Ordinal);
    private Container[]? _all;

    private ContainerStore(Database definitions, Database running, ILogger log) => (_definitions, _running, _log) = (definitions, running, log);

    /// <summary>Called with each container that has been removed: its layers may be needed by nobody now.</summary>
    public Func<Container, Task>? Removed { get; set; }

    public IReadOnlyCollection<Container> All
    {
        get
        {
            lock (_gate) return _all ??= [.. _containers.Values];
        }
    }

    public static async Task<ContainerStore> LoadAsync(Database definitions, Database running, DateTimeOffset now, ILogger log)
    {
        var store = new ContainerStore(definitions, running, log);
        var states = (await running.RunAsync(Durability.Process, database => database.Query(
            row => (Id: row.GetString(0), State: Read(row.GetFieldValue<byte[]>(1))), "SELECT id, record FROM state"))).ToDictionary();
        var rows = await definitions.RunAsync(Durability.Process, database => database.Query(
            row => (Container: JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), StoreJson.Default.Container)!,
                Last: row.IsDBNull(1) ? null : Read(row.GetFieldValue<byte[]>(1))),
            "SELECT definition, last_state FROM container"));
        foreach (var (container, last) in rows)
        {
            var state = states.TryGetValue(container.Id.ToString(), out var live) ? live : AfterReboot(last ?? container.State, now);
            store._containers.Add(container.Id.ToString(), container with { State = state });
            store._names.Add(container.Name, container.Id);
        }

        return store;
    }

    public Container? Find(ContainerId id)
    {
        lock (_gate) return _containers.GetValueOrDefault(id.ToString());
    }

    public Container? FindByName(string name)
    {
        lock (_gate) return _names.TryGetValue(name, out var id) ? _containers.GetValueOrDefault(id.ToString()) : null;
    }

    public IReadOnlyList<Container> FindByPrefix(string prefix) =>
        [.. All.Where(container => container.Id.ToString().StartsWith(prefix, StringComparison.Ordinal))];

    public async ValueTask AddAsync(Container container, CancellationToken cancellationToken)
    {
        var id = container.Id.ToString();
        lock (_gate)
        {
            if (_containers.ContainsKey(id)) throw EngineException.Conflict($"the container id {container.Id.Short} is taken");
            RequireFreeName(container.Name, container.Id);
            _names.Add(container.Name, container.Id);
        }

        try
        {
            await _definitions.RunAsync(Durability.Power, database => database.Execute(
                "INSERT INTO container (id, name, definition) VALUES ($1, $2, $3)", id, container.Name, Definition(container)));
        }
        catch
        {
            lock (_gate) _names.Remove(container.Name);
            throw;
        }

        lock (_gate)
        {
            _containers.Add(id, container);
            _all = null;
        }
    }

    public async ValueTask SaveStateAsync(ContainerId id, ContainerState state, CancellationToken cancellationToken)
    {
        Task writing;
        lock (_gate)
        {
            if (!_containers.TryGetValue(id.ToString(), out var container)) throw EngineException.NoSuchContainer(id.ToString());
            _containers[id.ToString()] = container with { State = state };
            _all = null;
            // Enqueued under the lock, so that the databases see states in the order memory does.
            writing = Write(id.ToString(), container.State, state);
        }

        await writing;
    }

    public async ValueTask ReplaceAsync(Container container, CancellationToken cancellationToken)
    {
        var id = container.Id.ToString();
        string oldName;
        lock (_gate)
        {
            oldName = _containers.GetValueOrDefault(id)?.Name ?? throw EngineException.NoSuchContainer(id);
            if (container.Name != oldName)
            {
                RequireFreeName(container.Name, container.Id);
                _names.Add(container.Name, container.Id);
            }
        }

        try
        {
            await _definitions.RunAsync(Durability.Power, database => database.Execute(
                "UPDATE container SET name = $2, definition = $3 WHERE id = $1", id, container.Name, Definition(container)));
        }
        catch
        {
            lock (_gate)
            {
                if (container.Name != oldName) _names.Remove(container.Name);
            }

            throw;
        }

        lock (_gate)
        {
            if (container.Name != oldName) _names.Remove(oldName);
            // The state may have moved while the definition was written.
            if (_containers.TryGetValue(id, out var now)) _containers[id] = container with { State = now.State };
            else _names.Remove(container.Name);
            _all = null;
        }
    }

    public async ValueTask RemoveAsync(ContainerId id, CancellationToken cancellationToken)
    {
        Task forgetting;
        Container? container;
        lock (_gate)
        {
            if (!_containers.Remove(id.ToString(), out container)) return;
            _names.Remove(container.Name);
            _all = null;
            forgetting = Task.WhenAll(
                _definitions.RunAsync(Durability.Process, database => database.Execute("DELETE FROM container WHERE id = $1", id.ToString())),
                _running.RunAsync(Durability.Process, database => database.Execute("DELETE FROM state WHERE id = $1", id.ToString())));
        }

        await forgetting;
        try
        {
            if (Removed is { } tell) await tell(container);
        }
        catch (Exception e) when (e is EngineException or IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The container is gone all the same; the next removal of an image, or the next start, frees them.
            Log.LayersNotFreed(_log, id.ToString(), e.Message);
        }
    }

    /// <summary>Layers that containers stand on or have mounted: an image's removal leaves them.</summary>
    public HashSet<Digest> LayersInUse()
    {
        lock (_gate) return [.. _containers.Values.SelectMany(container => container.Layers.Concat(container.Mounts.SelectMany(static mount => mount.Layers)))];
    }

    /// <summary>Nothing of a run outlives the machine's: the run directory with bundles, namespaces and mounts is gone.</summary>
    private static ContainerState AfterReboot(ContainerState last, DateTimeOffset now) => last with
    {
        Phase = last.IsRunning ? ContainerPhase.Exited : last.Phase,
        ExitCode = last.IsRunning ? KilledByReboot : last.ExitCode,
        Error = last.IsRunning ? "machine restarted" : last.Error,
        Finished = last.IsRunning ? now : last.Finished,
        Pid = 0,
        PidStartTime = 0,
        MonitorPid = 0,
        Endpoints = [],
        Ports = [],
        NetworkNamespace = "",
        // There is nothing to clean up, but whoever recovers it asks its restart policy then.
        CleanupOwed = last.IsRunning,
        ThawOwed = false,
        Rebooted = last.Started is not null,
        Health = last.IsRunning ? last.Health?.Unasked() : last.Health,
    };

    private static byte[] Definition(Container container) => JsonSerializer.SerializeToUtf8Bytes(container, StoreJson.Default.Container);

    private static ContainerState Read(byte[] json) => JsonSerializer.Deserialize(json, StoreJson.Default.ContainerState)!;

    private Task Write(string id, ContainerState before, ContainerState state)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(state, StoreJson.Default.ContainerState);
        var running = _running.RunAsync(
            Durability.Process, database => database.Execute("INSERT OR REPLACE INTO state (id, record) VALUES ($1, $2)", id, json));
        var turned = before.Phase != state.Phase || (!state.IsRunning && before != state);
        if (!turned) return running;
        return Task.WhenAll(running, WriteLastAsync(id, json));
    }

    /// <summary>A full disk must not keep a container from stopping: the running state is what counts until the next boot.</summary>
    private async Task WriteLastAsync(string id, byte[] json)
    {
        try
        {
            await _definitions.RunAsync(
                Durability.Process, database => database.Execute("UPDATE container SET last_state = $2 WHERE id = $1", id, json));
        }
        catch (EngineException e) when (e.Kind == ErrorKind.Exhausted)
        {
            Log.LastStateNotKept(_log, id, e.Message);
        }
    }

    private void RequireFreeName(string name, ContainerId id)
    {
        if (_names.TryGetValue(name, out var holder) && holder != id)
        {
            throw EngineException.Conflict(
                $"Conflict. The container name \"/{name}\" is already in use by container \"{holder}\". "
                + "You have to remove (or rename) that container to be able to reuse that name.",
                "container name already in use");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The last state of container {Id} is not kept for the next boot: {Reason}")]
        public static partial void LastStateNotKept(ILogger logger, string id, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The layers of the removed container {Id} could not be freed yet: {Reason}")]
        public static partial void LayersNotFreed(ILogger logger, string id, string reason);
    }
}
