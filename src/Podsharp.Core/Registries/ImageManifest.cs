using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>A blob of a layer as a manifest names it (OCI image spec, descriptor.md).</summary>
public sealed record LayerDescriptor(string MediaType, BlobDescriptor Blob);

/// <summary>An image manifest (OCI image spec, manifest.md; Docker's schema 2 has the same members).</summary>
/// <param name="Layers">Base first.</param>
public sealed record ImageManifest(string ConfigMediaType, BlobDescriptor Config, IReadOnlyList<LayerDescriptor> Layers)
{
    private const long LargestConfig = 8 << 20;

    private static readonly string[] ConfigTypes = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

    private static readonly string[] LayerTypes =
    [
        "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.oci.image.layer.v1.tar+zstd",
        "application/vnd.docker.image.rootfs.diff.tar", "application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.docker.image.rootfs.diff.tar.zstd",
    ];

    /// <summary>InvalidData when it is no manifest; NotSupported when it is one, but not of an image that can run here.</summary>
    public static ImageManifest Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (!root.TryGetProperty("config", out var config) || !root.TryGetProperty("layers", out var layers))
                throw Wrong("it lacks config or layers");
            var manifest = new ImageManifest(Text(config, "mediaType"), Blob(config), [.. layers.EnumerateArray().Select(Layer)]);
            if (!ConfigTypes.Contains(manifest.ConfigMediaType))
                throw EngineException.NotSupported($"this is no image to run but an artifact of type {manifest.ConfigMediaType}");
            if (manifest.Config.Size > LargestConfig) throw Wrong($"its configuration has {manifest.Config.Size} bytes, more than the {LargestConfig} allowed");
            return manifest;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw Wrong(failure.Message);
        }
    }

    internal static BlobDescriptor Blob(JsonElement descriptor)
    {
        if (!Digest.TryParse(Text(descriptor, "digest"), out var digest)) throw Wrong($"the digest \"{Text(descriptor, "digest")}\" is not of sha256");
        if (!descriptor.TryGetProperty("size", out var size) || !size.TryGetInt64(out var bytes) || bytes < 0) throw Wrong($"the size of {digest} is missing or wrong");
        return new BlobDescriptor(digest, bytes);
    }

    internal static string Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    internal static EngineException Wrong(string why) => new(ErrorKind.InvalidData, $"the manifest cannot be used: {why}");

    private static LayerDescriptor Layer(JsonElement descriptor)
    {
        var type = Text(descriptor, "mediaType");
        if (type.Contains(".foreign.", StringComparison.Ordinal) || type.Contains(".nondistributable.", StringComparison.Ordinal))
            throw EngineException.NotSupported($"the image has a layer of type {type}, which registries do not hand out");
        return LayerTypes.Contains(type)
            ? new LayerDescriptor(type, Blob(descriptor))
            : throw EngineException.NotSupported($"the image has a layer of type {type}, which is not understood");
    }
}
