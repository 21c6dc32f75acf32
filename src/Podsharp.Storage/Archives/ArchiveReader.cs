using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>Tells which images an archive holds: those of manifest.json (the older form) with the other platforms that the index knows, else those of index.json of an OCI image layout.</summary>
/// <param name="asked">The only platforms that count; empty: all.</param>
internal sealed class ArchiveReader(ArchiveMembers members, IReadOnlyList<Platform> asked)
{
    private const string Schema2Manifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const string Schema2Config = "application/vnd.docker.container.image.v1+json";
    private const string Schema2Layer = "application/vnd.docker.image.rootfs.diff.tar";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string FullName = "io.containerd.image.name";
    private const string ReferenceName = "org.opencontainers.image.ref.name";
    private readonly ArchiveIndexes _indexes = new(members);
    private readonly ArchiveConfigs _configs = new();
    private readonly ArchivePlatforms _images = new(asked);
    private EngineException? _missing;

    /// <param name="admit">Told of each table of contents before it is read.</param>
    public IReadOnlyList<ArchiveImage> Read(Action<ImageArchiveForm> admit)
    {
        var (items, index) = (members.Small("manifest.json"), members.Small("index.json"));
        if (items is not null) admit(ImageArchiveForm.Items);
        if (index is not null) _indexes.ReadTop(index);
        if (items is not null) ReadItems(items);
        var hasItems = _images.Count > 0;
        if (!hasItems && (items is null || index is not null)) admit(ImageArchiveForm.Layout);
        if (index is not null) ReadIndex(onlyOthersOfItems: hasItems);
        if (_images.Finish() is { Count: > 0 } images) return images;
        throw _missing ?? (asked.Count > 0 && (items ?? index) is not null ? NoneAskedFor() : EngineException.InvalidInput(
            index is null ? "the archive holds no images: there is neither a manifest.json nor an index.json in it" : "the archive's index names no image that is in it"));
    }

    private void ReadItems(byte[] json)
    {
        var items = ArchiveIndexes.Parse(json, ArchiveJson.Default.ListArchiveItem, "manifest.json");
        if (items.Count > ArchiveLimits.Manifests) throw ArchiveLimits.Exceeded($"its manifest.json names more than {ArchiveLimits.Manifests} images");
        var manifests = new Lazy<ILookup<string, DescriptorShape>>(() => _indexes.Leaves().ToLookup(leaf => _indexes.Find(leaf)?.Config?.Digest ?? ""));
        foreach (var item in items)
        {
            if (item is null) throw EngineException.InvalidInput("manifest.json in the archive cannot be read: it names nothing (null)");
            var blob = members.Small(item.Config ?? "") ?? throw EngineException.InvalidInput($"the archive lacks the configuration {item.Config}");
            var config = _configs.Read(blob);
            if (!_images.IsAskedFor(config.Config)) continue;
            if (item.RepoTags?.Count > ArchiveLimits.Names) throw ArchiveLimits.Exceeded($"it gives more than {ArchiveLimits.Names} names");
            List<ImageReference> tags = [.. (item.RepoTags ?? []).Select(static tag => ImageReference.Parse(tag ?? "").WithDefaultTag()).Distinct()];
            _images.Add(config, tags, isInItems: true, () =>
            {
                var layers = Layers(config, item.Layers ?? [], members.Layer, out var missing) ?? throw missing!;
                var (manifest, mediaType) = FindManifest(manifests.Value[config.Id.ToString()], layers.Count) ?? (WriteManifest(blob, layers), Schema2Manifest);
                return new ArchiveImage(blob, manifest, mediaType, layers, Digest.TryParse(item.Parent, out var parent) ? parent : null);
            });
        }
    }

    /// <summary>The manifest that came along in an archive of both forms.</summary>
    private (byte[] Manifest, string MediaType)? FindManifest(IEnumerable<DescriptorShape> candidates, int layers)
    {
        foreach (var descriptor in candidates)
        {
            if (_indexes.Find(descriptor) is { } manifest && manifest.Layers?.Count == layers)
                return (_indexes.Blob(descriptor)!, descriptor.MediaType ?? manifest.MediaType ?? OciManifest);
        }

        return null;
    }

    /// <param name="onlyOthersOfItems">What manifest.json says is complete where it is there: the index adds nothing but other platforms of its images.</param>
    private void ReadIndex(bool onlyOthersOfItems)
    {
        foreach (var descriptor in _indexes.Top!.Manifests ?? [])
        {
            var found = _indexes.LeavesOf(descriptor).Select(leaf => (Leaf: leaf, Manifest: _indexes.Find(leaf))).Where(static one => one.Manifest is not null)
                .Select(one => (one.Leaf, Manifest: one.Manifest!, Config: _indexes.Blob(one.Manifest!.Config))).ToList();
            if (onlyOthersOfItems && !found.Exists(one => one.Config is { } config && _images.Has(_configs.Read(config).Id))) continue;
            var names = Names(descriptor);
            foreach (var (leaf, manifest, config) in found)
            {
                if (config is null) _missing ??= EngineException.InvalidInput($"the archive lacks the configuration {manifest.Config?.Digest}");
                else if (_images.IsAskedFor(_configs.Read(config).Config)) _images.Add(_configs.Read(config), names, isInItems: false, () => ReadImage(leaf, manifest, config));
            }
        }
    }

    /// <summary>Null when a layer is not in the archive: an index may name platforms of which it holds but the manifests.</summary>
    private ArchiveImage? ReadImage(DescriptorShape leaf, ManifestShape manifest, byte[] config)
    {
        var layers = Layers(
            _configs.Read(config),
            (manifest.Layers ?? []).ConvertAll(static layer => layer.Digest ?? "?"),
            name => Digest.TryParse(name, out var digest) ? members.Layer(digest) : null,
            out var missing);
        _missing ??= missing;
        return layers is null ? null : new ArchiveImage(config, _indexes.Blob(leaf)!, leaf.MediaType ?? manifest.MediaType ?? OciManifest, layers);
    }

    private EngineException NoneAskedFor() => new(
        ErrorKind.NotFound, $"the archive holds no image for the platform {string.Join(" or ", asked)}", "no matching manifest");

    private static List<ImageReference> Names(DescriptorShape descriptor)
    {
        var annotations = descriptor.Annotations ?? [];
        var name = annotations.GetValueOrDefault(FullName) ?? annotations.GetValueOrDefault(ReferenceName);
        // A reference name may be a tag alone, which names nothing.
        return name is not null && name.AsSpan().ContainsAny('/', ':') && ImageReference.TryParse(name, out var reference) && reference.Digest is null
            ? [reference.WithDefaultTag()]
            : [];
    }

    /// <param name="missing">Why there are none; null when they are there.</param>
    private static List<LayerMember>? Layers(ArchiveConfigs.Known config, List<string> names, Func<string, LayerMember?> find, out EngineException? missing)
    {
        missing = null;
        if (names.Count != config.Layers.Count) throw Changed();
        var layers = new List<LayerMember>(names.Count);
        foreach (var name in names)
        {
            if (find(name ?? "") is not { } layer)
            {
                missing = EngineException.InvalidInput($"the archive lacks the layer {name}");
                return null;
            }

            layers.Add(layer.Fault is null ? layer : throw EngineException.InvalidInput($"the layer {name} cannot be read: {layer.Fault}"));
        }

        return config.Layers.SequenceEqual(layers.Select(static layer => layer.Layer!.DiffId)) ? layers : throw Changed();
    }

    private static EngineException Changed() => EngineException.InvalidInput(
        "the archive's layers are not those that the image's configuration names: it is damaged or was changed");

    private static Digest DigestOf(byte[] content) => Digest.FromHash(System.Security.Cryptography.SHA256.HashData(content));

    /// <summary>A manifest for an image that came without: its layers as plain tars.</summary>
    public static byte[] WriteManifest(byte[] config, IEnumerable<LayerMember> layers) => JsonSerializer.SerializeToUtf8Bytes(
        new ManifestShape
        {
            MediaType = Schema2Manifest,
            Config = new DescriptorShape { MediaType = Schema2Config, Size = config.Length, Digest = DigestOf(config).ToString() },
            Layers = [.. layers.Select(layer => new DescriptorShape
            {
                MediaType = Schema2Layer, Size = layer.Layer!.TarSize, Digest = layer.Layer.DiffId.ToString(),
            })],
        },
        ArchiveJson.Default.ManifestShape);

    public static string WrittenMediaType => Schema2Manifest;
}
