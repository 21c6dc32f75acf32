using Podsharp.Core.Host;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images.Hello;

/// <summary>Brings the embedded image into the store the first time a container of it is asked for.</summary>
public sealed class LoadHelloImage(IImageStore images, IImageArchives archives, IHost host)
{
    /// <summary>The image when <paramref name="reference"/> names it (<see cref="HelloImage.IsNamed"/>), else null.</summary>
    public async Task<Image?> RunAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        if (!HelloImage.IsNamed(reference)) return null;
        if (images.Find(HelloImage.Reference) is { } present) return present;

        await using var archive = HelloImage.OpenArchive(host.Facts.Architecture);
        var loaded = await archives.LoadAsync(archive, cancellationToken);
        return loaded[0].Image;
    }
}
