using Podsharp.Core.Storage;

namespace Podsharp.Engine.Containers.Copy;

/// <summary>Tells what is at a path of a container.</summary>
public sealed class LookAtPath(ContainerAccess files, IPathArchives archives)
{
    public async Task<PathFacts> RunAsync(string container, string path, CancellationToken cancellationToken)
    {
        ContainerPath.Check(path);
        using var open = await files.OpenToReadAsync(container, cancellationToken);
        return ContainerPath.Find(archives, open, path);
    }
}
