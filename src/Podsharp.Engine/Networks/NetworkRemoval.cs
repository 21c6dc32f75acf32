using Podsharp.Core.Networks;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Networks;

/// <summary>The removal of one network that nobody is on, whoever asks for it.</summary>
public sealed class NetworkRemoval(INetworkStore store, INetworkDriver driver, AddressPool addresses, EventPublisher events)
{
    /// <summary>False, and nothing done, when a container is on it or is about to be.</summary>
    public async Task<bool> TryRemoveAsync(Network network, CancellationToken cancellationToken)
    {
        if (!addresses.TryClose(network.Id)) return false;
        try
        {
            await driver.RemoveAsync(network, cancellationToken);
            await store.RemoveAsync(network.Id, cancellationToken);
        }
        catch
        {
            addresses.Reopen(network.Id);
            throw;
        }

        events.Network(network, "destroy");
        return true;
    }
}
