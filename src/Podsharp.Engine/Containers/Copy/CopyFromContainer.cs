using Podsharp.Core.Storage;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers.Copy;

/// <summary>A path of a container as a tar, whether the container runs or not.</summary>
public sealed class CopyFromContainer(ContainerAccess files, IPathArchives archives, EventPublisher events)
{
    public async Task<CopiedPath> RunAsync(string container, string path, CancellationToken cancellationToken)
    {
        ContainerPath.Check(path);
        var open = await files.OpenToReadAsync(container, cancellationToken);
        try
        {
            var facts = ContainerPath.Find(archives, open, path);
            var archive = archives.Open(open.Root, facts, [.. open.Container.Mounts.Select(mount => mount.Target)]);
            events.Container(open.Container, "archive-path");
            return new CopiedPath(facts, archive, open);
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }
}

public sealed class CopiedPath(PathFacts facts, IOutgoingArchive archive, IDisposable open) : IAsyncDisposable
{
    public PathFacts Facts => facts;

    public Task WriteToAsync(Stream target, CancellationToken cancellationToken) => archive.WriteToAsync(target, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await archive.DisposeAsync();
        open.Dispose();
    }
}
