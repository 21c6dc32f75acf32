using System.Text.Json;
using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>One image of a list. <paramref name="Platform"/> is null where the list does not say.</summary>
public sealed record ListedManifest(string MediaType, Digest Digest, long Size, Platform? Platform);

/// <summary>An OCI index or Docker manifest list: the same image for several platforms (OCI image spec, image-index.md).</summary>
public sealed record ImageManifestList(IReadOnlyList<ListedManifest> Manifests)
{
    private const string Attestation = "vnd.docker.reference.type";

    /// <summary>What is no image (attestations) is left out. InvalidData when it is no list.</summary>
    public static ImageManifestList Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("manifests", out var manifests)) throw ImageManifest.Wrong("it lacks manifests");
            return new ImageManifestList([.. manifests.EnumerateArray().Where(IsImage).Select(Read)]);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw ImageManifest.Wrong(failure.Message);
        }
    }

    /// <summary>
    /// The manifest for a platform, or null. An exact variant wins; a processor that has none asked for takes any, arm's lower variants too, the highest first.
    /// </summary>
    public ListedManifest? Choose(Platform wanted)
    {
        var fitting = Manifests.Where(one => one.Platform is { } platform && platform.Os == wanted.Os
            && (wanted.Architecture.Length == 0 || platform.Architecture == wanted.Architecture)).ToList();
        return fitting.Find(one => one.Platform!.Variant == wanted.Variant)
            ?? fitting.Where(one => wanted.Variant.Length == 0 || string.CompareOrdinal(one.Platform!.Variant, wanted.Variant) < 0)
                .OrderByDescending(static one => one.Platform!.Variant, StringComparer.Ordinal).FirstOrDefault()
            // A list of one that names no platform can only mean that one.
            ?? (Manifests is [{ Platform: null } only] ? only : null);
    }

    private static bool IsImage(JsonElement entry) =>
        !(entry.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Object && annotations.TryGetProperty(Attestation, out _));

    private static ListedManifest Read(JsonElement entry)
    {
        var blob = ImageManifest.Blob(entry);
        var platform = entry.TryGetProperty("platform", out var found) && found.ValueKind == JsonValueKind.Object
            ? Platform.Of(ImageManifest.Text(found, "os"), ImageManifest.Text(found, "architecture"), ImageManifest.Text(found, "variant"))
            : null;
        return new ListedManifest(ImageManifest.Text(entry, "mediaType"), blob.Digest, blob.Size, platform);
    }
}
