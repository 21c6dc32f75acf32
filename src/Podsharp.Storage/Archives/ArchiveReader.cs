using System.Runtime.InteropServices;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>An image found in an archive: its blobs as they were, its layers, its names.</summary>
/// <param name="Parent">What the archive says it was made from; null: nothing.</param>
internal sealed record ArchiveImage(
    byte[] Config, byte[] Manifest, string ManifestMediaType, IReadOnlyList<LayerMember> Layers, IReadOnlyList<ImageReference> Tags, Digest? Parent = null);

/// <summary>Tells which images an archive holds: manifest.json of the older form, else index.json of an OCI image layout.</summary>
/// <param name="platform">Null: this machine's, else what there is.</param>
internal sealed class ArchiveReader(ArchiveMembers members, Platform? platform)
{
    private const string Schema2Manifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const string Schema2Config = "application/vnd.docker.container.image.v1+json";
    private const string Schema2Layer = "application/vnd.docker.image.rootfs.diff.tar";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string FullName = "io.containerd.image.name";
    private const string ReferenceName = "org.opencontainers.image.ref.name";
    private const string ReferenceType = "vnd.docker.reference.type";
    private readonly ArchiveIndexes _indexes = new(members);
    private readonly ArchiveConfigs _configs = new();
    private readonly Dictionary<Digest, DescriptorShape?> _chosen = [];
    private int _names;

    private static Platform Host => Platform.Of(
        "linux", RuntimeInformation.ProcessArchitecture is Architecture.X64 ? "amd64" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), "");

    /// <param name="admit">Told of each table of contents before it is read.</param>
    public IReadOnlyList<ArchiveImage> Read(Action<ImageArchiveForm> admit)
    {
        // What manifest.json says is complete where both are there; the index may name platforms whose layers are not.
        var (items, index) = (members.Small("manifest.json"), members.Small("index.json"));
        if (items is not null) admit(ImageArchiveForm.Items);
        if (index is not null) _indexes.ReadTop(index);
        if (items is not null && ReadItems(items) is { Count: > 0 } images) return images;
        if (items is null || index is not null) admit(ImageArchiveForm.Layout);
        if (index is not null) return ReadIndex();
        throw items is not null && platform is not null ? NoneFor(platform) : EngineException.InvalidInput("the archive holds no images: there is neither a manifest.json nor an index.json in it");
    }

    private List<ArchiveImage> ReadItems(byte[] json)
    {
        var items = ArchiveIndexes.Parse(json, ArchiveJson.Default.ListArchiveItem, "manifest.json");
        if (items.Count > ArchiveLimits.Manifests) throw ArchiveLimits.Exceeded($"its manifest.json names more than {ArchiveLimits.Manifests} images");
        var images = new List<ArchiveImage>();
        var manifests = new Lazy<ILookup<string, DescriptorShape>>(() => _indexes.Leaves().ToLookup(leaf => _indexes.Find(leaf)?.Config?.Digest ?? ""));
        foreach (var item in items)
        {
            if (item is null) throw EngineException.InvalidInput("manifest.json in the archive cannot be read: it names nothing (null)");
            var config = members.Small(item.Config ?? "") ?? throw EngineException.InvalidInput($"the archive lacks the configuration {item.Config}");
            if (!IsAskedFor(config)) continue;
            var layers = Layers(config, item.Layers ?? [], members.Layer);
            var (manifest, mediaType) = FindManifest(manifests.Value[_configs.Read(config).Id.ToString()], layers.Count) ?? (WriteManifest(config, layers), Schema2Manifest);
            Digest? parent = Digest.TryParse(item.Parent, out var named) ? named : null;
            CountNames(item.RepoTags?.Count ?? 0);
            var tags = (item.RepoTags ?? []).Select(tag => ImageReference.Parse(tag ?? "")).Select(tag => tag.WithDefaultTag());
            images.Add(new ArchiveImage(config, manifest, mediaType, layers, [.. tags], parent));
        }

        return images;
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

    private List<ArchiveImage> ReadIndex()
    {
        var images = new Dictionary<Digest, (ArchiveImage Image, List<ImageReference> Tags)>();
        foreach (var descriptor in Wanted(_indexes.Top!.Manifests ?? []))
        {
            if (Choose(descriptor, 0) is not { } chosen) continue;
            var manifest = _indexes.Find(chosen)!;
            var config = _indexes.Blob(manifest.Config) ?? throw EngineException.InvalidInput($"the archive lacks the configuration {manifest.Config?.Digest}");
            if (!IsAskedFor(config)) continue;
            var id = _configs.Read(config).Id;
            if (!images.TryGetValue(id, out var image))
            {
                var layers = Layers(
                    config,
                    (manifest.Layers ?? []).ConvertAll(static layer => layer.Digest ?? "?"),
                    name => Digest.TryParse(name, out var digest) ? members.Layer(digest) : null);
                image = (new ArchiveImage(config, _indexes.Blob(chosen)!, chosen.MediaType ?? manifest.MediaType ?? OciManifest, layers, []), []);
                images.Add(id, image);
            }

            image.Tags.AddRange(Names(descriptor));
            CountNames(1);
        }

        if (images.Count > 0) return [.. images.Values.Select(static one => one.Image with { Tags = [.. one.Tags.Distinct()] })];
        throw platform is not null ? NoneFor(platform) : EngineException.InvalidInput("the archive's index names no image that is in it");
    }

    /// <summary>Of several platforms the one that was asked for, an exact variant first; where nobody asked, this machine's, and where none is, all of them.</summary>
    private List<DescriptorShape> Wanted(List<DescriptorShape> descriptors)
    {
        var wanted = platform ?? Host;
        var images = descriptors.FindAll(static descriptor => descriptor.Annotations?.ContainsKey(ReferenceType) != true && descriptor.Platform?.Os != "unknown");
        var matching = images.FindAll(descriptor => descriptor.Platform is not { } one || wanted.Includes(one.Value))
            .OrderByDescending(descriptor => descriptor.Platform?.Value.Variant == wanted.Variant).ToList();
        return matching.Count > 0 || platform is not null ? matching : images;
    }

    // A descriptor need not tell the platform; the configuration does.
    private bool IsAskedFor(byte[] config) => platform is null || platform.Matches(_configs.Read(config).Config);

    private static EngineException NoneFor(Platform platform) => new(
        ErrorKind.NotFound, $"the archive holds no image for the platform {platform}", "no matching manifest");

    private DescriptorShape? Choose(DescriptorShape descriptor, int depth)
    {
        if (!ArchiveIndexes.IsIndex(descriptor)) return _indexes.Find(descriptor) is null ? null : descriptor;
        if (!Digest.TryParse(descriptor.Digest, out var digest)) return null;
        if (_chosen.TryGetValue(digest, out var known)) return known;
        return _chosen[digest] = _indexes.FindNested(descriptor, depth) is { } index
            ? Wanted(index.Manifests ?? []).Select(child => Choose(child, depth + 1)).FirstOrDefault(child => child is not null)
            : null;
    }

    private void CountNames(int more)
    {
        if ((_names += more) > ArchiveLimits.Names) throw ArchiveLimits.Exceeded($"it gives more than {ArchiveLimits.Names} names");
    }

    private static List<ImageReference> Names(DescriptorShape descriptor)
    {
        var annotations = descriptor.Annotations ?? [];
        var name = annotations.GetValueOrDefault(FullName) ?? annotations.GetValueOrDefault(ReferenceName);
        // A reference name may be a tag alone, which names nothing.
        return name is not null && name.AsSpan().ContainsAny('/', ':') && ImageReference.TryParse(name, out var reference) && reference.Digest is null
            ? [reference.WithDefaultTag()]
            : [];
    }

    private List<LayerMember> Layers(byte[] config, List<string> names, Func<string, LayerMember?> find)
    {
        var diffIds = _configs.Read(config).Layers;
        if (names.Count != diffIds.Count) throw Changed();
        var layers = names.ConvertAll(name => Sound(find(name ?? ""), name ?? ""));
        return diffIds.SequenceEqual(layers.Select(static layer => layer.Layer!.DiffId)) ? layers : throw Changed();
    }

    private static LayerMember Sound(LayerMember? layer, string name)
    {
        if (layer is null) throw EngineException.InvalidInput($"the archive lacks the layer {name}");
        return layer.Fault is null ? layer : throw EngineException.InvalidInput($"the layer {name} cannot be read: {layer.Fault}");
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
