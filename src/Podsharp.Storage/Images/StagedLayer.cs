using Podsharp.Core.Images;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Images;

/// <summary>A layer extracted below the staging directory, and its blob as it came.</summary>
internal sealed class StagedLayer(Layer layer, Digest blob, string layerPath, string blobPath, Staging staging, BlobStore blobs) : IStagedLayer
{
    public Layer Layer => layer;

    public Digest Blob => blob;

    public string LayerPath => layerPath;

    /// <summary>Empty when the blob was not kept.</summary>
    public string BlobPath => blobPath;

    public void Dispose()
    {
        if (Directory.Exists(layerPath)) staging.Remove(layerPath);
        if (blobPath.Length > 0) blobs.Unstage(blobPath);
    }
}
