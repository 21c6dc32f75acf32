namespace Podsharp.Core.Storage;

/// <summary>A container's root stays mounted until this is disposed, whatever becomes of the container's processes.</summary>
public interface IRootHold : IDisposable
{
    /// <summary>Fires when the container is being removed: who holds its root ends at once and disposes.</summary>
    CancellationToken Lost { get; }
}
