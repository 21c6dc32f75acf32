using Podsharp.Core.Images;

namespace Podsharp.Storage.Layers;

/// <summary>A layer in the store is not what its digest says.</summary>
internal sealed class DamagedLayerException(Digest diffId, string fault) : IOException(
    $"the layer {diffId} is damaged in the store ({fault}): stop the service, run podsharp-service check --repair, then load or pull its image again")
{
    /// <summary>What is wrong, in a few words.</summary>
    public string Fault => fault;
}
