using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Sizes that a test gives; zero for all else.</summary>
public sealed class FakeDiskUsage : IDiskUsage
{
    public Dictionary<Digest, long> Layers { get; } = [];

    public Dictionary<Digest, long> Blobs { get; } = [];

    public Dictionary<ContainerId, long> Containers { get; } = [];

    public Dictionary<string, long> Volumes { get; } = [];

    public Task<IReadOnlyDictionary<Digest, long>> LayersAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<Digest, long>>(Layers);

    public Task<IReadOnlyDictionary<Digest, long>> BlobsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<Digest, long>>(Blobs);

    public Task<long> ContainerAsync(ContainerId id, CancellationToken cancellationToken) => Task.FromResult(Containers.GetValueOrDefault(id));

    public Task<long> VolumeAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Volumes.GetValueOrDefault(name));
}
