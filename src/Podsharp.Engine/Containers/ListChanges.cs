using Podsharp.Core.Storage;
using Podsharp.Engine.Containers.Commit;

namespace Podsharp.Engine.Containers;

/// <summary>What a container has changed of its image's files.</summary>
public sealed class ListChanges(ContainerLookup lookup, IContainerArchives archives)
{
    public Task<IReadOnlyList<FileChange>> RunAsync(string container, CancellationToken cancellationToken)
    {
        var found = lookup.Find(container);
        return archives.ChangesAsync(found.Id, found.Layers, CommitContainer.Placeholders, cancellationToken);
    }
}
