using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Storage.Databases;

namespace Podsharp.Storage.Networks;

internal sealed class NetworkStore : INetworkStore
{
    private readonly Database _database;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Network> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private Network[]? _all;

    private NetworkStore(Database database) => _database = database;

    public IReadOnlyCollection<Network> All
    {
        get
        {
            lock (_gate) return _all ??= [.. _byId.Values.OrderBy(network => network.Created)];
        }
    }

    public static async Task<NetworkStore> LoadAsync(Database database)
    {
        var store = new NetworkStore(database);
        foreach (var network in await database.RunAsync(Durability.Process, connection => connection.Query(
            row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), StoreJson.Default.Network)!, "SELECT record FROM network")))
        {
            store._byId.Add(network.Id, network);
        }

        return store;
    }

    public Network? Find(string nameOrId)
    {
        if (nameOrId.Length == 0) return null;
        var all = All;
        if (all.FirstOrDefault(network => network.Name == nameOrId) is { } named) return named;
        lock (_gate)
        {
            if (_byId.TryGetValue(nameOrId, out var exact)) return exact;
        }

        var matches = all.Where(network => network.Id.StartsWith(nameOrId, StringComparison.Ordinal)).Take(2).ToList();
        return matches.Count == 1 ? matches[0] : null;
    }

    public async ValueTask AddAsync(Network network, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_byId.ContainsKey(network.Id) || _byId.Values.Any(other => other.Name == network.Name) || !_pending.Add(network.Name))
                throw EngineException.Conflict($"network with name {network.Name} already exists", "network already exists");
        }

        try
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(network, StoreJson.Default.Network);
            await _database.RunAsync(Durability.Power, database => database.Execute(
                "INSERT INTO network (id, name, record) VALUES ($1, $2, $3)", network.Id, network.Name, json));
            lock (_gate)
            {
                _byId.Add(network.Id, network);
                _all = null;
            }
        }
        finally
        {
            lock (_gate) _pending.Remove(network.Name);
        }
    }

    public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await _database.RunAsync(Durability.Power, database => database.Execute("DELETE FROM network WHERE id = $1", id));
        lock (_gate)
        {
            _byId.Remove(id);
            _all = null;
        }
    }
}
