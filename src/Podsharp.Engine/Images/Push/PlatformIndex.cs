using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

/// <summary>An index of images that are one but for their platform (OCI image spec, image-index.md).</summary>
internal static class PlatformIndex
{
    /// <summary>The same manifests in the same order always make the same bytes.</summary>
    public static RemoteManifest Write(IReadOnlyList<(RemoteManifest Manifest, ImageConfig Config)> images)
    {
        // Docker's own manifests are at home in its own list, which every registry takes.
        var type = images.All(static image => image.Manifest.MediaType == ManifestTypes.Schema2Manifest) ? ManifestTypes.Schema2List : ManifestTypes.OciIndex;
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, IndentSize = 3 }))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", type);
            json.WriteStartArray("manifests");
            foreach (var (manifest, config) in images) Write(json, manifest, config);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new RemoteManifest(Digest.FromHash(SHA256.HashData(output.WrittenSpan)), type, output.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, RemoteManifest manifest, ImageConfig config)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", manifest.MediaType);
        json.WriteNumber("size", manifest.Content.Length);
        json.WriteString("digest", manifest.Digest.ToString());
        json.WriteStartObject("platform");
        json.WriteString("architecture", config.Architecture);
        json.WriteString("os", config.Os);
        if (config.Variant is { Length: > 0 } variant) json.WriteString("variant", variant);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
