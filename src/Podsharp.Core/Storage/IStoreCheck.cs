using Podsharp.Core.Images;

namespace Podsharp.Core.Storage;

/// <summary>Holds what lies on the disk against its digests, and drops what is damaged so that it can come anew.</summary>
public interface IStoreCheck
{
    /// <summary>Layers that the store believes to have.</summary>
    IReadOnlyList<Digest> Layers { get; }

    IReadOnlyList<Digest> Blobs { get; }

    /// <summary>
    /// Builds the layer's tar again, extracts it anew beside the layer, and holds digest and files against what is there: kind, mode, owner, size, time,
    /// link target and extended attributes. Null when it is what it was, else what is wrong, in a few words.
    /// </summary>
    Task<string?> FaultOfLayerAsync(Digest diffId, CancellationToken cancellationToken);

    Task<string?> FaultOfBlobAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Removes a layer though images need it: the next load or pull of one of them brings it back.</summary>
    Task DropLayerAsync(Digest diffId, CancellationToken cancellationToken);

    Task DropBlobAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Puts a staged layer in the place of a damaged or missing one.</summary>
    Task ReplaceLayerAsync(IStagedLayer layer, CancellationToken cancellationToken);

    /// <summary>Writes a configuration or manifest in the place of a damaged or missing one.</summary>
    Task ReplaceBlobAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}
