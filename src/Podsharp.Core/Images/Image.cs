using Podsharp.Core.Containers;

namespace Podsharp.Core.Images;

/// <summary>An image in the local store. The id is the digest of its configuration (OCI image spec, config.md).</summary>
public sealed record Image
{
    public required Digest Id { get; init; }

    /// <summary>Digest of the manifest kept in the blob store; null when the image came without one.</summary>
    public Digest? ManifestDigest { get; init; }

    public string? ManifestMediaType { get; init; }

    /// <summary>Blobs that the manifest names for its layers, base first; empty when they are plain tars, which have the layers' own digests.</summary>
    public IReadOnlyList<Digest> LayerBlobs { get; init; } = [];

    /// <summary>Names with a tag. Never a digest.</summary>
    public IReadOnlyList<ImageReference> Tags { get; init; } = [];

    /// <summary>Names with a tag that another image, of another platform, has as its own, and that mean this one where its platform is asked for. Records of older stores have none.</summary>
    public IReadOnlyList<ImageReference> PlatformTags { get; init => field = value ?? []; } = [];

    /// <summary>Names with a digest, known from a pull or push.</summary>
    public IReadOnlyList<ImageReference> RepositoryDigests { get; init; } = [];

    /// <summary>Uncompressed layer digests, base first.</summary>
    public IReadOnlyList<Digest> Layers { get; init; } = [];

    /// <summary>Bytes of all layers' content, computed when the image was written.</summary>
    public long Size { get; init; }

    public required ImageConfig Config { get; init; }

    /// <summary>When the local store last gave it a tag; null if never.</summary>
    public DateTimeOffset? LastTagged { get; init; }

    /// <summary>The image it was built or committed from on this machine; null for pulled and loaded ones.</summary>
    public Digest? Parent { get; init; }

    /// <summary>Its own names with a tag, then those that mean it for its platform.</summary>
    public IEnumerable<ImageReference> AllTags() => Tags.Concat(PlatformTags);
}

/// <summary>The parsed configuration blob (OCI config.md and the Docker keys that real images carry).</summary>
public sealed record ImageConfig
{
    public DateTimeOffset? Created { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    public string Architecture { get; init; } = "";

    public string Os { get; init; } = "linux";

    public string? Variant { get; init; }

    public string? OsVersion { get; init; }

    public string? DockerVersion { get; init; }

    public ImageProcess Process { get; init; } = new();

    public IReadOnlyList<ImageHistory> History { get; init; } = [];
}

/// <summary>What a container of the image runs by default.</summary>
public sealed record ImageProcess
{
    public string User { get; init; } = "";

    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public string WorkingDirectory { get; init; } = "";

    public IReadOnlyList<PortKey> ExposedPorts { get; init; } = [];

    public IReadOnlyList<string> Volumes { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string? StopSignal { get; init; }

    public HealthCheck? HealthCheck { get; init; }

    public IReadOnlyList<string>? OnBuild { get; init; }

    public IReadOnlyList<string>? Shell { get; init; }

    public bool ArgsEscaped { get; init; }
}

/// <summary>One line of an image's history, oldest first.</summary>
public sealed record ImageHistory(DateTimeOffset? Created, string? CreatedBy, string? Author, string? Comment, bool EmptyLayer);

/// <summary>A layer in the store.</summary>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="Size">Bytes of its files' content.</param>
/// <param name="TarSize">Bytes of its uncompressed tar stream.</param>
public sealed record Layer(Digest DiffId, long Size, long TarSize);
