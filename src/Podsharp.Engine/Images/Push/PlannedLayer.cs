using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

/// <summary>One layer to be sent: as the blob that the repository knows, that is kept here, or that another repository has; else it is compressed.</summary>
internal sealed record PlannedLayer(Digest DiffId)
{
    /// <summary>The repository has it already.</summary>
    public BlobDescriptor? Known { get; init; }

    /// <summary>Held until the plan is disposed.</summary>
    public IHeldBlob? Kept { get; init; }

    public RemoteBlob? Source { get; init; }

    /// <summary>It came in a blob which can't be had any more.</summary>
    public bool IsLost { get; init; }

    public bool HasBlob => Known is not null || Kept is not null || Source is not null;
}
