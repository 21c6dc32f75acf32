using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Core.Storage;

/// <summary>Takes containers' files out: as one tar, or as the layer that they are above their image.</summary>
public interface IContainerArchives
{
    /// <summary>
    /// All below a mounted root as one tar; what is mounted further below is left out. The mount may be undone while it is written: its
    /// files stay reachable until it is disposed.
    /// </summary>
    IOutgoingArchive OpenRoot(string rootPath);

    /// <summary>Copies a container's own files into a layer that waits to become part of an image. Nobody should write to them meanwhile.</summary>
    /// <param name="layers">What the container stands on, base first.</param>
    /// <param name="placeholders">
    /// Paths of mount points that the engine needs (<c>etc/hosts</c>): where there is nothing but what carried the mount, the layer doesn't have them.
    /// </param>
    Task<IPendingLayer> CopyAsync(
        ContainerId id, IReadOnlyList<Digest> layers, IReadOnlyCollection<string> placeholders, CancellationToken cancellationToken);

    /// <summary>What a container's own files make different from the layers it stands on, sorted by path.</summary>
    /// <param name="placeholders">As for <see cref="CopyAsync"/>.</param>
    Task<IReadOnlyList<FileChange>> ChangesAsync(
        ContainerId id, IReadOnlyList<Digest> layers, IReadOnlyCollection<string> placeholders, CancellationToken cancellationToken);
}

/// <summary>A layer that is extracted and hashed but not yet in the store. Disposing it unused removes it.</summary>
public interface IPendingLayer : IAsyncDisposable
{
    /// <summary>Adds an image of these layers and, unless it is empty, this one on top.</summary>
    /// <param name="config">The history's last line is this layer's; whether it made one is filled in.</param>
    /// <param name="parent">Null: none that the store has.</param>
    Task<Image> AddImageAsync(
        IReadOnlyList<Digest> layers, ImageConfig config, Digest? parent, ImageReference? tag, CancellationToken cancellationToken);
}
