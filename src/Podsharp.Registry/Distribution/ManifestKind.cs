using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Distribution;

/// <summary>Finds out what a manifest is, by the answer's type and by what the manifest says of itself; they must not contradict each other.</summary>
internal static class ManifestKind
{
    /// <param name="announced">The type that the answer came with.</param>
    public static string Of(ReadOnlySpan<byte> content, string? announced, string what)
    {
        var head = Parse(content, what);
        if (announced is not null && ManifestTypes.IsSchema1(announced) || head.SchemaVersion == 1 || head.MediaType is { } own && ManifestTypes.IsSchema1(own))
            throw new EngineException(ErrorKind.NotSupported, $"{what}: it is of schema version 1, which is no longer supported: push the image again with a current tool", "schema 1 manifests are not supported");

        var declared = head.MediaType is { Length: > 0 } type ? type : null;
        var sent = announced is null or "application/json" or "text/plain" or "application/octet-stream" ? null : announced;
        if (declared is not null && sent is not null && declared != sent) throw RegistryFailures.Invalid($"{what}: it came as {sent} but says it is {declared}");
        var kind = declared ?? sent ?? Guess(head);
        if (kind is null || !ManifestTypes.Understood.Contains(kind)) throw RegistryFailures.Invalid($"{what}: {kind ?? "what came"} is no type of manifest");
        // Bytes that can be read in two ways may mean another thing to another reader.
        if (ManifestTypes.IsIndex(kind) ? head.Layers is not null : head.Manifests is not null) throw RegistryFailures.Invalid($"{what}: it has both layers and manifests");
        return kind;
    }

    private static ManifestHead Parse(ReadOnlySpan<byte> content, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(content, RegistryJson.Default.ManifestHead) ?? throw RegistryFailures.Invalid($"{what}: it is empty");
        }
        catch (JsonException)
        {
            throw RegistryFailures.Invalid($"{what}: it is not JSON");
        }
    }

    // The OCI types need not name themselves.
    private static string? Guess(ManifestHead head) =>
        head.Manifests is not null ? ManifestTypes.OciIndex : head.Layers is not null ? ManifestTypes.OciManifest : null;
}
