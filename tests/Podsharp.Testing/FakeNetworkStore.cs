using Podsharp.Core.Networks;

namespace Podsharp.Testing;

/// <summary>Networks in memory.</summary>
public sealed class FakeNetworkStore : INetworkStore
{
    private readonly Dictionary<string, Network> _networks = [];

    public IReadOnlyCollection<Network> All => [.. _networks.Values];

    public Network? Find(string nameOrId)
    {
        var exact = _networks.Values.FirstOrDefault(network => network.Name == nameOrId) ?? _networks.GetValueOrDefault(nameOrId);
        if (exact is not null || nameOrId.Length == 0) return exact;
        var matches = _networks.Values.Where(network => network.Id.StartsWith(nameOrId, StringComparison.Ordinal)).ToList();
        return matches.Count == 1 ? matches[0] : null;
    }

    /// <summary>Puts a network in without awaiting, for arranging tests.</summary>
    public Network Put(Network network) => _networks[network.Id] = network;

    public ValueTask AddAsync(Network network, CancellationToken cancellationToken)
    {
        Put(network);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        _networks.Remove(id);
        return ValueTask.CompletedTask;
    }
}
