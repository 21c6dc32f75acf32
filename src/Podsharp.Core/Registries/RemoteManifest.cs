using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>A manifest or index as the registry keeps it.</summary>
/// <param name="MediaType">One of <see cref="ManifestTypes"/>.</param>
/// <param name="Content">The exact bytes, of which <paramref name="Digest"/> is the digest.</param>
public sealed record RemoteManifest(Digest Digest, string MediaType, ReadOnlyMemory<byte> Content)
{
    public ManifestDescriptor Descriptor => new(Digest, MediaType, Content.Length);

    /// <summary>It lists manifests of platforms.</summary>
    public bool IsIndex => ManifestTypes.IsIndex(MediaType);
}

/// <param name="Size">Bytes.</param>
public sealed record ManifestDescriptor(Digest Digest, string MediaType, long Size);
