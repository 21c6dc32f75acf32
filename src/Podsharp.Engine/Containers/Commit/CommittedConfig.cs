using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Containers.Commit;

/// <summary>The configuration of an image made of a container: the container's image's with one line of history more.</summary>
public sealed class CommittedConfig(IImageStore images, IHost host, TimeProvider clock)
{
    /// <returns>The configuration, and the image below; null when that has been removed.</returns>
    internal (ImageConfig Config, Digest? Parent) Make(CommitContainerRequest request, Container container, ImageProcess process)
    {
        var parent = images.Find(container.ImageId);
        var below = parent?.Config ?? new ImageConfig { Architecture = host.Facts.Architecture };
        var now = clock.GetUtcNow();
        var command = string.Join(' ', container.Spec.Process.Command ?? []);
        var config = below with
        {
            Created = now,
            Author = NullIfEmpty(request.Author),
            Comment = NullIfEmpty(request.Comment),
            DockerVersion = null,
            Process = process,
            History = [.. below.History, new ImageHistory(now, command, NullIfEmpty(request.Author), NullIfEmpty(request.Comment), EmptyLayer: false)],
        };
        return (config, parent?.Id);
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
