using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>What a manifest says of a blob.</summary>
/// <param name="Size">Bytes as transferred.</param>
public sealed record BlobDescriptor(Digest Digest, long Size);
