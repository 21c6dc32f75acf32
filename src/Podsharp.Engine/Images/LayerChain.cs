using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>Chain ids: names for a layer together with all below it (OCI image spec, config.md, Layer ChainID).</summary>
internal static class LayerChain
{
    /// <summary>One for each layer, base first.</summary>
    public static IReadOnlyList<Digest> Ids(IReadOnlyList<Digest> layers)
    {
        var chain = new List<Digest>(layers.Count);
        foreach (var layer in layers)
            chain.Add(chain.Count == 0 ? layer : Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes($"{chain[^1]} {layer}"))));
        return chain;
    }
}
