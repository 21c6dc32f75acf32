using Podsharp.Core.Storage;

namespace Podsharp.Core.Images;

/// <summary>Writes images out of the store into archives.</summary>
public interface IImageExports
{
    /// <summary>
    /// Prepares one archive that is an OCI image layout and a docker-archive at once: each blob in it once, layers as plain tars, bit for bit
    /// what their digests say. A name that means several platforms stands for an index of them. Layers are kept from removal until it is disposed. Internal when the store lacks a part of an image.
    /// </summary>
    /// <param name="images">Each image once; in the archive they have this order.</param>
    IOutgoingArchive Open(IReadOnlyList<ImageToSave> images);
}

/// <param name="Names">Names with a tag that the archive gives the image.</param>
/// <param name="PlatformNames">Names of others among the images that mean this one for its platform. Without any name it is known by its id only.</param>
public sealed record ImageToSave(Image Image, IReadOnlyList<ImageReference> Names, IReadOnlyList<ImageReference> PlatformNames);
