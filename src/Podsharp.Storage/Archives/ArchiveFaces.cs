using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>The three tables of contents of an archive: the layout's, the docker-archive's, and the one of tools before 2014.</summary>
internal sealed class ArchiveFaces
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string Blobs = "blobs/sha256/";
    private readonly IReadOnlyList<SavedImage> _images;
    private readonly List<DescriptorShape> _descriptors = [];
    private readonly List<byte[]> _platformIndexes = [];

    public ArchiveFaces(IReadOnlyList<SavedImage> images)
    {
        _images = images;
        foreach (var image in images)
        {
            if (image.Names.Count + image.PlatformNames.Count == 0) _descriptors.Add(Descriptor(image));
            foreach (var name in image.Names) _descriptors.Add(Named(image, name));
        }
    }

    /// <summary>Blobs that the index names: one for each name that means several platforms.</summary>
    public IReadOnlyList<byte[]> PlatformIndexes => _platformIndexes;

    public byte[] Index() => Write(_descriptors);

    /// <summary>What other platforms' names mean is left out: this form knows none.</summary>
    public byte[] Items() => JsonSerializer.SerializeToUtf8Bytes(
        [.. _images.Where(static image => image.Names.Count > 0 || image.PlatformNames.Count == 0).Select(Item)], ArchiveJson.Default.ListArchiveItem);

    /// <summary>Null when no image has a name: there is nothing to tell then.</summary>
    public byte[]? Repositories()
    {
        var repositories = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var image in _images.Where(image => image.Image.Layers.Count > 0))
        {
            foreach (var name in image.Names)
            {
                if (!repositories.TryGetValue(name.FamiliarRepository, out var tags))
                    repositories.Add(name.FamiliarRepository, tags = new SortedDictionary<string, string>(StringComparer.Ordinal));
                tags[name.Tag!] = image.Image.Layers[^1].Hex;
            }
        }

        return repositories.Count == 0
            ? null
            : JsonSerializer.SerializeToUtf8Bytes(repositories, ArchiveJson.Default.SortedDictionaryStringSortedDictionaryStringString);
    }

    private static byte[] Write(List<DescriptorShape> descriptors) =>
        JsonSerializer.SerializeToUtf8Bytes(new ManifestShape { MediaType = OciIndex, Manifests = descriptors }, ArchiveJson.Default.ManifestShape);

    private DescriptorShape Named(SavedImage image, ImageReference name)
    {
        var others = _images.Where(other => other.PlatformNames.Contains(name)).ToList();
        var descriptor = others.Count == 0 ? Descriptor(image) : IndexOf([image, .. others]);
        descriptor.Annotations = new Dictionary<string, string>
        {
            ["io.containerd.image.name"] = name.ToString(), ["org.opencontainers.image.ref.name"] = name.Tag!,
        };
        return descriptor;
    }

    private DescriptorShape IndexOf(IReadOnlyList<SavedImage> platforms)
    {
        var index = Write([.. platforms.Select(static image => Descriptor(image, PlatformShape.Of(image.Image.Config)))]);
        _platformIndexes.Add(index);
        return new DescriptorShape { MediaType = OciIndex, Digest = Digest.FromHash(SHA256.HashData(index)).ToString(), Size = index.Length };
    }

    private static DescriptorShape Descriptor(SavedImage image, PlatformShape? platform = null) => new()
    {
        MediaType = image.Manifest.MediaType,
        Digest = image.Manifest.Digest.ToString(),
        Size = image.Manifest.Content.Length,
        Platform = platform,
    };

    private static ArchiveItem Item(SavedImage image) => new()
    {
        Config = Blobs + image.Image.Id.Hex,
        RepoTags = image.Names.Count == 0 ? null : [.. image.Names.Select(name => name.Familiar)],
        Layers = [.. image.Image.Layers.Select(layer => Blobs + layer.Hex)],
        Parent = image.Parent?.ToString(),
        LayerSources = Sources(image),
    };

    private static SortedDictionary<string, DescriptorShape> Sources(SavedImage image)
    {
        var sources = new SortedDictionary<string, DescriptorShape>(StringComparer.Ordinal);
        foreach (var layer in image.Layers) sources[layer.DiffId.ToString()] = SavedManifest.Describe(layer);
        return sources;
    }
}
