using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Queries;

namespace Podsharp.Engine.Images;

/// <param name="Image">Name, id, unique id prefix, or name@digest (as in all requests).</param>
/// <param name="Platform">os/architecture[/variant] that the image must be for; null: any.</param>
/// <param name="Manifests">Tell of the manifests of all platforms that it has here at length.</param>
public sealed record InspectImageRequest(string Image, Platform? Platform = null, bool Manifests = false);

/// <param name="Descriptor">Of the manifest kept for it; null when it came without one.</param>
/// <param name="Manifests">Of all platforms, its own first; null unless asked for.</param>
/// <param name="LowerDirectories">Host directories of all layers but the top one, top first, joined by colons; empty when there is but one.</param>
/// <param name="UpperDirectory">Host directory of the top layer; empty when the image has none.</param>
public sealed record ImageInspection(Image Image, ManifestDescriptor? Descriptor, IReadOnlyList<ManifestSummary>? Manifests, string LowerDirectories, string UpperDirectory);

/// <param name="Size">Bytes of the manifest itself.</param>
public sealed record ManifestDescriptor(string MediaType, Digest Digest, long Size);

/// <summary>A manifest with what belongs to it in the store.</summary>
/// <param name="IsComplete">All its layers are there.</param>
/// <param name="Content">Bytes of its blobs that are kept: manifest, configuration, compressed layers.</param>
/// <param name="Unpacked">Bytes of its layers' files.</param>
/// <param name="Users">Containers that need it.</param>
public sealed record ManifestSummary(
    ManifestDescriptor Descriptor, Platform Platform, bool IsComplete, long Content, long Unpacked, IReadOnlyList<ContainerId> Users);

/// <summary>One step of an image's history.</summary>
/// <param name="ImageId">The image that ends with this step, where the store has it.</param>
/// <param name="Size">Bytes of the step's layer; 0 when it made none.</param>
public sealed record HistoryStep(
    Digest? ImageId, DateTimeOffset? Created, string CreatedBy, string Comment, long Size, IReadOnlyList<ImageReference> Tags);

/// <param name="All">Also images without a name that others were built upon, and those that names of others mean for their platforms.</param>
/// <param name="SharedSize">Compute how much of each image other images share.</param>
/// <param name="Filters">before, since, dangling, label, reference, until.</param>
/// <param name="Manifests">Tell of the manifests of each image, for all platforms that it has here.</param>
public sealed record ListImagesRequest(bool All, bool SharedSize, Filters Filters, bool Manifests = false);

/// <param name="Tags">Of the image's tags those that the reference filter lets through; likewise the digests.</param>
/// <param name="Containers">How many containers use it.</param>
/// <param name="SharedSize">Bytes of layers that other images have too; null unless asked for.</param>
/// <param name="Manifests">Of all platforms, its own first; null unless asked for.</param>
public sealed record ImageListing(
    Image Image,
    IReadOnlyList<ImageReference> Tags,
    IReadOnlyList<ImageReference> RepositoryDigests,
    int Containers,
    long? SharedSize,
    IReadOnlyList<ManifestSummary>? Manifests = null);

/// <param name="Repository">Name to give, with or without a tag.</param>
/// <param name="Tag">Wins over a tag in the name; empty: that one, or latest.</param>
public sealed record TagImageRequest(string Image, string Repository, string Tag);

/// <param name="Force">Also when containers that are down use it, or when it has several names.</param>
/// <param name="Prune">Also remove its parents that have no name and no other child.</param>
public sealed record RemoveImageRequest(string Image, bool Force, bool Prune);

/// <summary>One thing that a removal did: a name taken away, or content deleted (an image's id, or the chain id of a layer).</summary>
public sealed record ImageRemoval(ImageReference? Untagged, Digest? Deleted)
{
    public static ImageRemoval OfName(ImageReference name) => new(name, null);

    public static ImageRemoval OfContent(Digest id) => new(null, id);
}

/// <param name="SpaceReclaimed">Bytes.</param>
public sealed record PruneImagesOutcome(IReadOnlyList<ImageRemoval> Removed, long SpaceReclaimed);

/// <param name="Archive">A docker-archive or OCI layout archive, plain or compressed.</param>
/// <param name="Platforms">The only ones to take; empty: all that it holds.</param>
public sealed record LoadImagesRequest(Stream Archive, IReadOnlyList<Platform> Platforms);

/// <param name="Archive">A root file system as a tar, plain or compressed.</param>
/// <param name="Repository">Name to give, with or without a tag; empty: none.</param>
/// <param name="Tag">Wins over a tag in the name; empty: that one, or latest.</param>
/// <param name="Message">Becomes the image's comment; empty: a note of where it came from.</param>
/// <param name="Changes">Configuration instructions, one or more lines each.</param>
/// <param name="Platform">What to note as its platform; null: this machine's.</param>
public sealed record ImportImageRequest(
    Stream Archive, string Repository, string Tag, string Message, IReadOnlyList<string> Changes, Platform? Platform);

/// <param name="Images">Names and ids; one named twice is in the archive once.</param>
/// <param name="Platforms">The only ones to save, each of which every image must have here; empty: all that are here.</param>
/// <param name="WholeRepositories">A name without a tag means all tags of its repository, not latest.</param>
public sealed record SaveImagesRequest(IReadOnlyList<string> Images, IReadOnlyList<Platform> Platforms, bool WholeRepositories);
