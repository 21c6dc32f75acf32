using System.Runtime.InteropServices;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Storage.Images;

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
    private const int MaximumNesting = 4;

    private static Platform Host => Platform.Of(
        "linux", RuntimeInformation.ProcessArchitecture is Architecture.X64 ? "amd64" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), "");

    /// <param name="admit">Told of each table of contents before it is read.</param>
    public IReadOnlyList<ArchiveImage> Read(Action<ImageArchiveForm> admit)
    {
        // What manifest.json says is complete where both are there; the index may name platforms whose layers are not.
        var (items, index) = (members.Small("manifest.json"), members.Small("index.json"));
        if (items is not null) admit(ImageArchiveForm.Items);
        if (items is not null && ReadItems(items) is { Count: > 0 } images) return images;
        if (items is null || index is not null) admit(ImageArchiveForm.Layout);
        if (index is not null) return ReadIndex(index);
        throw items is not null && platform is not null ? NoneFor(platform) : EngineException.InvalidInput("the archive holds no images: there is neither a manifest.json nor an index.json in it");
    }

    private static T Parse<T>(byte[] json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string what)
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

    private List<ArchiveImage> ReadItems(byte[] json)
    {
        var images = new List<ArchiveImage>();
        foreach (var item in Parse(json, ArchiveJson.Default.ListArchiveItem, "manifest.json"))
        {
            var config = members.Small(item.Config ?? "") ?? throw EngineException.InvalidInput($"the archive lacks the configuration {item.Config}");
            if (!IsAskedFor(config)) continue;
            var layers = (item.Layers ?? []).ConvertAll(name => Sound(members.Layer(name), name));
            var (manifest, mediaType) = FindManifest(config, layers) ?? (WriteManifest(config, layers), Schema2Manifest);
            Digest? parent = Digest.TryParse(item.Parent, out var named) ? named : null;
            var tags = (item.RepoTags ?? []).Select(ImageReference.Parse).Select(tag => tag.WithDefaultTag());
            images.Add(Checked(new ArchiveImage(config, manifest, mediaType, layers, [.. tags], parent)));
        }

        return images;
    }

    /// <summary>The manifest that came along in an archive of both forms.</summary>
    private (byte[] Manifest, string MediaType)? FindManifest(byte[] config, List<LayerMember> layers)
    {
        if (members.Small("index.json") is not { } json) return null;
        var digest = DigestOf(config).ToString();
        foreach (var descriptor in Leaves(Parse(json, ArchiveJson.Default.ManifestShape, "index.json"), 0))
        {
            if (Blob(descriptor) is not { } blob) continue;
            var manifest = Parse(blob, ArchiveJson.Default.ManifestShape, "a manifest");
            if (manifest.Config?.Digest == digest && manifest.Layers?.Count == layers.Count) return (blob, descriptor.MediaType ?? manifest.MediaType ?? OciManifest);
        }

        return null;
    }

    private IEnumerable<DescriptorShape> Leaves(ManifestShape index, int depth)
    {
        foreach (var descriptor in index.Manifests ?? [])
        {
            if (!IsIndex(descriptor)) yield return descriptor;
            else if (depth < MaximumNesting && Blob(descriptor) is { } blob)
            {
                foreach (var leaf in Leaves(Parse(blob, ArchiveJson.Default.ManifestShape, "an index"), depth + 1)) yield return leaf;
            }
        }
    }

    private List<ArchiveImage> ReadIndex(byte[] json)
    {
        var images = new List<ArchiveImage>();
        foreach (var descriptor in Wanted(Parse(json, ArchiveJson.Default.ManifestShape, "index.json").Manifests ?? []))
        {
            if (Choose(descriptor, 0) is not { } chosen) continue;
            var blob = Blob(chosen)!;
            var manifest = Parse(blob, ArchiveJson.Default.ManifestShape, "a manifest");
            var config = Blob(manifest.Config) ?? throw EngineException.InvalidInput($"the archive lacks the configuration {manifest.Config?.Digest}");
            if (!IsAskedFor(config)) continue;
            var layers = (manifest.Layers ?? []).ConvertAll(layer =>
                Sound(Digest.TryParse(layer.Digest, out var digest) ? members.Layer(digest) : null, layer.Digest ?? "?"));
            var image = Checked(new ArchiveImage(config, blob, chosen.MediaType ?? manifest.MediaType ?? OciManifest, layers, Names(descriptor)));
            var same = images.FindIndex(other => other.Config.AsSpan().SequenceEqual(config));
            if (same >= 0) images[same] = images[same] with { Tags = [.. images[same].Tags.Union(image.Tags)] };
            else images.Add(image);
        }

        if (images.Count > 0) return images;
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
    private bool IsAskedFor(byte[] config) => platform is null || platform.Matches(ImageConfigBlob.Read(config).Config);

    private static EngineException NoneFor(Platform platform) => new(
        ErrorKind.NotFound, $"the archive holds no image for the platform {platform}", "no matching manifest");

    private DescriptorShape? Choose(DescriptorShape descriptor, int depth)
    {
        if (Blob(descriptor) is not { } blob) return null;
        if (!IsIndex(descriptor)) return descriptor;
        if (depth >= MaximumNesting) throw EngineException.InvalidInput("the archive's indexes are nested too deeply");
        var index = Parse(blob, ArchiveJson.Default.ManifestShape, "an index");
        return Wanted(index.Manifests ?? []).Select(child => Choose(child, depth + 1)).FirstOrDefault(child => child is not null);
    }

    private static bool IsIndex(DescriptorShape descriptor) =>
        descriptor.MediaType is "application/vnd.oci.image.index.v1+json" or "application/vnd.docker.distribution.manifest.list.v2+json";

    private byte[]? Blob(DescriptorShape? descriptor) => Digest.TryParse(descriptor?.Digest, out var digest) ? members.Small(digest) : null;

    private static List<ImageReference> Names(DescriptorShape descriptor)
    {
        var annotations = descriptor.Annotations ?? [];
        var name = annotations.GetValueOrDefault(FullName) ?? annotations.GetValueOrDefault(ReferenceName);
        // A reference name may be a tag alone, which names nothing.
        return name is not null && name.AsSpan().ContainsAny('/', ':') && ImageReference.TryParse(name, out var reference) && reference.Digest is null
            ? [reference.WithDefaultTag()]
            : [];
    }

    private static LayerMember Sound(LayerMember? layer, string name)
    {
        if (layer is null) throw EngineException.InvalidInput($"the archive lacks the layer {name}");
        return layer.Fault is null ? layer : throw EngineException.InvalidInput($"the layer {name} cannot be read: {layer.Fault}");
    }

    private static ArchiveImage Checked(ArchiveImage image)
    {
        var diffIds = ImageConfigBlob.Read(image.Config).Layers;
        return diffIds.SequenceEqual(image.Layers.Select(layer => layer.Layer!.DiffId))
            ? image
            : throw EngineException.InvalidInput("the archive's layers are not those that the image's configuration names: it is damaged or was changed");
    }

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
