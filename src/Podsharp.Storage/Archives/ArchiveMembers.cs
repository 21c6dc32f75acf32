using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>A member that looked like a layer and was extracted before anybody knew whether it is one.</summary>
/// <param name="StagedPath">Where it was extracted; null when the store has the layer already.</param>
/// <param name="Fault">What was wrong with it; told only when an image needs it.</param>
internal sealed record LayerMember(Digest Blob, Layer? Layer, string? StagedPath, string? Fault);

/// <summary>All of an archive that may matter, by name and by digest.</summary>
internal sealed class ArchiveMembers
{
    private readonly Dictionary<string, byte[]> _small = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, byte[]> _smallByDigest = [];
    private readonly Dictionary<string, LayerMember> _layers = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, LayerMember> _layersByBlob = [];
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    public IEnumerable<LayerMember> Layers => _layers.Values;

    public void Add(string name, byte[] content)
    {
        _small[name] = content;
        _smallByDigest[Digest.FromHash(System.Security.Cryptography.SHA256.HashData(content))] = content;
    }

    public void Add(string name, LayerMember layer)
    {
        _layers[name] = layer;
        // A sound copy beats a broken one of the same digest only in theory; the digests are equal, so are the bytes.
        _layersByBlob.TryAdd(layer.Blob, layer);
    }

    /// <summary>A symbolic or hard link, its target as a name of the archive.</summary>
    public void AddLink(string name, string target) => _links[name] = target;

    public byte[]? Small(string name) => _small.GetValueOrDefault(Followed(name));

    public byte[]? Small(Digest digest) => _smallByDigest.GetValueOrDefault(digest);

    public LayerMember? Layer(string name) => _layers.GetValueOrDefault(Followed(name));

    public LayerMember? Layer(Digest blob) => _layersByBlob.GetValueOrDefault(blob);

    private string Followed(string name)
    {
        for (var hops = 0; hops < 8 && _links.TryGetValue(name, out var target); hops++) name = target;
        return name;
    }
}
