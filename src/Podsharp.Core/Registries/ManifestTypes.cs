namespace Podsharp.Core.Registries;

/// <summary>Media types of manifests: those of the OCI image specification and their forerunners.</summary>
public static class ManifestTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string Schema2Manifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string Schema2List = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string Schema1Manifest = "application/vnd.docker.distribution.manifest.v1+json";
    public const string Schema1SignedManifest = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>The types understood, as they are asked for.</summary>
    public static IReadOnlyList<string> Understood { get; } = [OciIndex, Schema2List, OciManifest, Schema2Manifest];

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or Schema2List;

    public static bool IsSchema1(string mediaType) => mediaType is Schema1Manifest or Schema1SignedManifest;
}
