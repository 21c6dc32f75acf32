using System.Text.Json;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>The three tables of contents of an archive: the layout's, the docker-archive's, and the one of tools before 2014.</summary>
internal sealed class ArchiveFaces(IReadOnlyList<SavedImage> images)
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string Blobs = "blobs/sha256/";

    public byte[] Index() => JsonSerializer.SerializeToUtf8Bytes(
        new ManifestShape { MediaType = OciIndex, Manifests = [.. images.SelectMany(Descriptors)] }, ArchiveJson.Default.ManifestShape);

    public byte[] Items() => JsonSerializer.SerializeToUtf8Bytes([.. images.Select(Item)], ArchiveJson.Default.ListArchiveItem);

    /// <summary>Null when no image has a name: there is nothing to tell then.</summary>
    public byte[]? Repositories()
    {
        var repositories = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var image in images.Where(image => image.Image.Layers.Count > 0))
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

    private static IEnumerable<DescriptorShape> Descriptors(SavedImage image)
    {
        if (image.Names.Count == 0) yield return Descriptor(image, null);
        foreach (var name in image.Names) yield return Descriptor(image, name);
    }

    private static DescriptorShape Descriptor(SavedImage image, ImageReference? name) => new()
    {
        MediaType = image.Manifest.MediaType,
        Digest = image.Manifest.Digest.ToString(),
        Size = image.Manifest.Content.Length,
        Annotations = name is null ? null : new Dictionary<string, string>
        {
            ["io.containerd.image.name"] = name.ToString(), ["org.opencontainers.image.ref.name"] = name.Tag!,
        },
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
