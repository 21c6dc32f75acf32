using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Mounts nothing.</summary>
public sealed class FakeRootFileSystems : IRootFileSystems
{
    private readonly CancellationTokenSource _lost = new();

    /// <summary>Roots that are still held.</summary>
    public int Held { get; private set; }

    /// <summary>What a removal does to those who hold a root.</summary>
    public Task LoseAsync() => _lost.CancelAsync();

    public Task CreateAsync(ContainerId id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string> MountAsync(ContainerId id, IReadOnlyList<Digest> layers, CancellationToken cancellationToken) => Task.FromResult("/root");

    public Task<IRootHold> HoldAsync(ContainerId id, IReadOnlyList<Digest> layers, CancellationToken cancellationToken)
    {
        Held++;
        return Task.FromResult<IRootHold>(new Hold(this));
    }

    public Task<string> MountSharedMemoryAsync(ContainerId id, long bytes, CancellationToken cancellationToken) => Task.FromResult("/shm");

    public Task UnmountAsync(ContainerId id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAsync(ContainerId id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<long> SizeAsync(ContainerId id, CancellationToken cancellationToken) => Task.FromResult(0L);

    private sealed class Hold(FakeRootFileSystems owner) : IRootHold
    {
        public CancellationToken Lost => owner._lost.Token;

        public void Dispose() => owner.Held--;
    }
}
