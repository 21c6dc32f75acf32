using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Core.Storage;

/// <summary>What things take on the store's disk: bytes of whole blocks, directories included and hard links once, as du(1) counts them.</summary>
public interface IDiskUsage
{
    /// <summary>Every layer in the store by its diff id: its files and the record of its tar. Counted once in a layer's life.</summary>
    Task<IReadOnlyDictionary<Digest, long>> LayersAsync(CancellationToken cancellationToken);

    /// <summary>Every blob in the store: configurations, manifests and layers as they came.</summary>
    Task<IReadOnlyDictionary<Digest, long>> BlobsAsync(CancellationToken cancellationToken);

    /// <summary>All that is kept for a container: its own files, its log, what the engine wrote for it. Zero when it is gone.</summary>
    Task<long> ContainerAsync(ContainerId id, CancellationToken cancellationToken);

    /// <summary>A volume with its content. Zero when it is gone.</summary>
    Task<long> VolumeAsync(string name, CancellationToken cancellationToken);
}
