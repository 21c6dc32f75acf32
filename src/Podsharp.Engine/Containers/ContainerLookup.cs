using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Text;

namespace Podsharp.Engine.Containers;

/// <summary>Finds a container by what people type: full id, exact name (with or without a leading slash), unique id prefix, in that order.</summary>
public sealed class ContainerLookup(IContainerStore containers)
{
    public Container Find(string text) => TryFind(text) ?? throw EngineException.NoSuchContainer(text);

    public Container? TryFind(string text)
    {
        var name = text.StartsWith('/') ? text[1..] : text;
        if (name.Length == 0) throw EngineException.InvalidInput("a container's name or id is needed");
        var isHex = HexText.IsLowerHex(name);
        if (isHex && name.Length == 64 && containers.Find(ContainerId.Parse(name)) is { } exact) return exact;
        if (containers.FindByName(name) is { } named) return named;
        if (!isHex) return null;
        return containers.FindByPrefix(name) switch
        {
            [] => null,
            [var only] => only,
            _ => throw EngineException.InvalidInput($"multiple IDs found with provided prefix: {name}"),
        };
    }

    /// <summary>The container as it is now; NotFound when it has gone meanwhile.</summary>
    public Container Refresh(Container container) =>
        containers.Find(container.Id) ?? throw EngineException.NoSuchContainer(container.Id.ToString());
}
