using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Events;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Containers;

public sealed class RenameContainer(
    ContainerLookup lookup, ContainerLocks locks, IContainerStore containers, ContainerNetworking networking, EventPublisher events)
{
    public async Task RunAsync(RenameContainerRequest request, CancellationToken cancellationToken)
    {
        if (request.NewName.Length == 0) throw EngineException.InvalidInput("Neither old nor new names may be empty");
        var id = lookup.Find(request.Container).Id;
        var name = Checked(request.NewName);
        using var held = await locks.EnterAsync(id, cancellationToken);
        var container = lookup.Find(id.ToString());
        if (container.Name == name)
            throw EngineException.InvalidInput("Renaming a container with the same name as its current name");
        var renamed = container with { Name = name };
        await ReplaceAsync(renamed, cancellationToken);
        if (container.State.IsUp) await TellAsync(renamed, container);
        events.Container(renamed, "rename", ("oldName", "/" + container.Name));
    }

    /// <summary>A name that neighbours cannot learn is not taken.</summary>
    private async Task TellAsync(Container renamed, Container before)
    {
        try
        {
            await networking.RenameAsync(renamed, CancellationToken.None);
        }
        catch
        {
            await containers.ReplaceAsync(before, CancellationToken.None);
            throw;
        }
    }

    private static string Checked(string name)
    {
        try
        {
            return ContainerNames.Checked(name);
        }
        catch (EngineException error)
        {
            throw NotAllocated(error);
        }
    }

    private async Task ReplaceAsync(Container renamed, CancellationToken cancellationToken)
    {
        try
        {
            await containers.ReplaceAsync(renamed, cancellationToken);
        }
        catch (EngineException error) when (error.Kind == ErrorKind.Conflict)
        {
            throw NotAllocated(error);
        }
    }

    private static EngineException NotAllocated(EngineException error) => new(error.Kind, "Error when allocating new name: " + error.Message, error.Cause, error);
}
