using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>
/// The indexes and manifests of an archive. Indexes name each other as their writer likes, one many times and each again from many:
/// so each is read once, and what they name is counted.
/// </summary>
internal sealed class ArchiveIndexes(ArchiveMembers members)
{
    private const string ReferenceType = "vnd.docker.reference.type";
    private readonly Dictionary<Digest, ManifestShape> _read = [];
    private readonly Dictionary<string, IReadOnlyList<DescriptorShape>> _leaves = new(StringComparer.Ordinal);
    private int _named;
    private int _meant;

    /// <summary>The archive's own index, or null.</summary>
    public ManifestShape? Top { get; private set; }

    public static bool IsIndex(DescriptorShape descriptor) =>
        descriptor.MediaType is "application/vnd.oci.image.index.v1+json" or "application/vnd.docker.distribution.manifest.list.v2+json";

    public static T Parse<T>(byte[] json, JsonTypeInfo<T> type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw EngineException.InvalidInput($"{what} in the archive cannot be read: {e.Message}");
        }
    }

    public void ReadTop(byte[] json) => Top = Counted(Parse(json, ArchiveJson.Default.ManifestShape, "index.json"));

    public byte[]? Blob(DescriptorShape? descriptor) => Digest.TryParse(descriptor?.Digest, out var digest) ? members.Small(digest) : null;

    /// <summary>The index or manifest that is described; null when it is not in the archive.</summary>
    public ManifestShape? Find(DescriptorShape descriptor)
    {
        if (!Digest.TryParse(descriptor.Digest, out var digest)) return null;
        if (_read.TryGetValue(digest, out var known)) return known;
        if (members.Small(digest) is not { } blob) return null;
        var read = Parse(blob, ArchiveJson.Default.ManifestShape, IsIndex(descriptor) ? $"the index {digest}" : $"the manifest {digest}");
        return _read[digest] = Counted(read);
    }

    /// <summary>All manifests of images that the archive's own index names, each once.</summary>
    public IReadOnlyList<DescriptorShape> Leaves() => Top is null ? [] : LeavesOf(Top, 0);

    /// <summary>The manifests of images that a descriptor means: itself, or what its index names.</summary>
    public IReadOnlyList<DescriptorShape> LeavesOf(DescriptorShape descriptor)
    {
        if (!IsIndex(descriptor)) return IsOfImage(descriptor) ? [descriptor] : [];
        if (descriptor.Digest is not { } digest) return [];
        if (_leaves.TryGetValue(digest, out var known)) return known;
        var leaves = Find(descriptor) is { } index ? LeavesOf(index, 1) : [];
        if ((_meant += leaves.Count) > ArchiveLimits.Manifests) throw TooMany();
        return _leaves[digest] = leaves;
    }

    // Attestations are listed beside the images that they speak of.
    private static bool IsOfImage(DescriptorShape descriptor) =>
        descriptor.Annotations?.ContainsKey(ReferenceType) != true && descriptor.Platform?.Os != "unknown";

    private List<DescriptorShape> LeavesOf(ManifestShape top, int nesting)
    {
        var (leaves, seen) = (new List<DescriptorShape>(), new HashSet<string>(StringComparer.Ordinal));
        Add(top, nesting);
        return leaves;

        void Add(ManifestShape index, int depth)
        {
            foreach (var descriptor in index.Manifests ?? [])
            {
                if (descriptor.Digest is not { } digest || !seen.Add(digest)) continue;
                if (!IsIndex(descriptor)) leaves.AddRange(IsOfImage(descriptor) ? [descriptor] : []);
                else if (depth >= ArchiveLimits.Nesting) throw ArchiveLimits.Exceeded($"its indexes are nested too deeply, in more than {ArchiveLimits.Nesting} levels");
                else if (Find(descriptor) is { } nested) Add(nested, depth + 1);
            }
        }
    }

    private static EngineException TooMany() => ArchiveLimits.Exceeded($"its indexes name more than {ArchiveLimits.Manifests} manifests");

    private ManifestShape Counted(ManifestShape read)
    {
        _named += read.Manifests?.Count ?? 0;
        if (_named > ArchiveLimits.Manifests) throw TooMany();
        return read.Manifests?.Contains(null!) == true || read.Layers?.Contains(null!) == true
            ? throw EngineException.InvalidInput("an index or manifest in the archive cannot be read: it names nothing (null)")
            : read;
    }
}
