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
    private readonly Dictionary<string, long> _large = new(StringComparer.Ordinal);
    private readonly List<LayerMember> _allLayers = [];

    /// <summary>All that was found, also under a name that came again.</summary>
    public IReadOnlyList<LayerMember> Layers => _allLayers;

    public void Add(string name, byte[] content)
    {
        _small[name] = content;
        _smallByDigest[Digest.FromHash(System.Security.Cryptography.SHA256.HashData(content))] = content;
    }

    public void Add(string name, LayerMember layer)
    {
        if (_allLayers.Count == ArchiveLimits.Layers) throw ArchiveLimits.Exceeded($"it holds more than {ArchiveLimits.Layers} layers");
        _allLayers.Add(layer);
        _layers[name] = layer;
        // A sound copy beats a broken one of the same digest only in theory; the digests are equal, so are the bytes.
        _layersByBlob.TryAdd(layer.Blob, layer);
    }

    /// <summary>A symbolic or hard link, its target as a name of the archive.</summary>
    public void AddLink(string name, string target) => _links[name] = target;

    /// <summary>A member that is no layer and was passed over, because nothing that an image needs is so large.</summary>
    public void AddLarge(string name, long size) => _large[name] = size;

    /// <summary>Null when it is not there; InvalidInput when it is, but larger than any such member may be.</summary>
    public byte[]? Small(string name) => Followed(name) is var followed && _small.TryGetValue(followed, out var content) ? content : NotLarge(followed);

    /// <inheritdoc cref="Small(string)"/>
    public byte[]? Small(Digest digest) => _smallByDigest.TryGetValue(digest, out var content) ? content : NotLarge("blobs/sha256/" + digest.Hex);

    public LayerMember? Layer(string name) => _layers.GetValueOrDefault(Followed(name));

    public LayerMember? Layer(Digest blob) => _layersByBlob.GetValueOrDefault(blob);

    private byte[]? NotLarge(string name) => _large.TryGetValue(name, out var size)
        ? throw ArchiveLimits.Exceeded($"its {name} has {size} bytes, more than the {ArchiveLimits.SmallMember} that are read")
        : null;

    private string Followed(string name)
    {
        for (var hops = 0; hops < 8 && _links.TryGetValue(name, out var target); hops++) name = target;
        return name;
    }
}
