using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Copies nothing; its images go into a fake store.</summary>
public sealed class FakeContainerArchives(FakeImageStore images) : IContainerArchives
{
    /// <summary>Called while a container is copied.</summary>
    public Action<ContainerId> WhileCopying { get; set; } = _ => { };

    /// <summary>Roots that archives were opened of, and are still open.</summary>
    public List<string> Open { get; } = [];

    public int Discarded { get; private set; }

    public IOutgoingArchive OpenRoot(string rootPath)
    {
        Open.Add(rootPath);
        return new Archive(this, rootPath);
    }

    public Task<IPendingLayer> CopyAsync(
        ContainerId id, IReadOnlyList<Digest> layers, IReadOnlyCollection<string> placeholders, CancellationToken cancellationToken)
    {
        WhileCopying(id);
        return Task.FromResult<IPendingLayer>(new Pending(this, images, Samples.Digest("layer of " + id)));
    }

    public Task<IReadOnlyList<FileChange>> ChangesAsync(
        ContainerId id, IReadOnlyList<Digest> layers, IReadOnlyCollection<string> placeholders, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FileChange>>([]);

    private sealed class Archive(FakeContainerArchives owner, string root) : IOutgoingArchive
    {
        public Task WriteToAsync(Stream target, CancellationToken cancellationToken) =>
            target.WriteAsync(global::System.Text.Encoding.UTF8.GetBytes(root), cancellationToken).AsTask();

        public ValueTask DisposeAsync()
        {
            owner.Open.Remove(root);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Pending(FakeContainerArchives owner, FakeImageStore images, Digest layer) : IPendingLayer
    {
        public async Task<Image> AddImageAsync(
            IReadOnlyList<Digest> layers, ImageConfig config, Digest? parent, ImageReference? tag, CancellationToken cancellationToken) =>
            await images.AddAsync(
                new Image { Id = Samples.Digest($"image of {layer}"), Layers = [.. layers, layer], Config = config, Parent = parent, Tags = tag is null ? [] : [tag] },
                cancellationToken);

        public ValueTask DisposeAsync()
        {
            owner.Discarded++;
            return ValueTask.CompletedTask;
        }
    }
}
