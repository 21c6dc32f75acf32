namespace Podsharp.Core.Networks;

/// <summary>The index of networks; reads answer from memory, writes are durable when they return.</summary>
public interface INetworkStore
{
    IReadOnlyCollection<Network> All { get; }

    /// <summary>By exact name, exact id or unique id prefix.</summary>
    Network? Find(string nameOrId);

    ValueTask AddAsync(Network network, CancellationToken cancellationToken);

    ValueTask RemoveAsync(string id, CancellationToken cancellationToken);
}
