using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers.Copy;

/// <param name="Path">A directory that exists.</param>
/// <param name="KeepForm">Refuse to replace a directory by something else and the other way round.</param>
/// <param name="ForUser">What is unpacked belongs to the container's user, where it has one.</param>
public sealed record CopyToContainerRequest(string Container, string Path, bool KeepForm, bool ForUser);

/// <summary>Unpacks a tar into a directory of a container, whether it runs or not.</summary>
public sealed class CopyToContainer(ContainerAccess files, IPathArchives archives, IRootedFiles rooted, EventPublisher events)
{
    private readonly UserDatabase _users = new(rooted);

    public async Task RunAsync(CopyToContainerRequest request, Stream tar, CancellationToken cancellationToken)
    {
        ContainerPath.Check(request.Path);
        using var open = await files.OpenToWriteAsync(request.Container, cancellationToken);
        var container = open.Container;
        var directory = ContainerPath.Find(archives, open, request.Path);
        // A link to a directory is as good as the directory.
        if (directory.Form == PathForm.SymbolicLink) directory = ContainerPath.Find(archives, open, request.Path.TrimEnd('/') + "/");
        if (directory.Form != PathForm.Directory) throw EngineException.InvalidInput("extraction point is not a directory");
        CheckWritable(container, directory.Target);
        var rules = new ExtractionRules(request.KeepForm, OwnerFor(request, open));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, open.Lost);
        try
        {
            await archives.ExtractAsync(open.Root, directory, tar, rules, end.Token);
        }
        catch (OperationCanceledException) when (open.Lost.IsCancellationRequested)
        {
            throw EngineException.Conflict($"container {container.Id.Short} was removed while files were copied to it");
        }

        events.Container(container, "extract-to-dir");
    }

    private static void CheckWritable(Container container, string path)
    {
        if (ContainerPath.MountOf(container, path) is { } mount)
        {
            if (mount.ReadOnly) throw new EngineException(ErrorKind.Forbidden, "mounted volume is marked read-only");
        }
        else if (container.Spec.Security.ReadOnlyRoot)
        {
            throw new EngineException(ErrorKind.Forbidden, "container rootfs is marked read-only");
        }
    }

    private (uint UserId, uint GroupId)? OwnerFor(CopyToContainerRequest request, OpenContainer open)
    {
        var user = open.Container.Spec.Process.User;
        if (!request.ForUser || user.Length == 0) return null;
        var identity = _users.Resolve(open.Root, user, []);
        return (identity.UserId, identity.GroupId);
    }
}
