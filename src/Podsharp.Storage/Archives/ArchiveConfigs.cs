using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Storage.Images;

namespace Podsharp.Storage.Archives;

/// <summary>The configurations of an archive, each read once however many images name it.</summary>
internal sealed class ArchiveConfigs
{
    // By identity: members hand out the same array for the same member.
    private readonly Dictionary<byte[], Known> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>InvalidInput when it is no configuration of an image.</summary>
    public Known Read(byte[] blob)
    {
        if (_read.TryGetValue(blob, out var known)) return known;
        var (config, layers) = ImageConfigBlob.Read(blob);
        return _read[blob] = new Known(Digest.FromHash(SHA256.HashData(blob)), config, layers);
    }

    internal sealed record Known(Digest Id, ImageConfig Config, IReadOnlyList<Digest> Layers);
}
