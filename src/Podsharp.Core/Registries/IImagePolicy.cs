using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>Whether an image may be used (containers-policy.json(5)). The file is read anew by each judgement.</summary>
public interface IImagePolicy
{
    /// <summary>Judges an image that comes from a registry. InvalidInput when the policy file is missing or wrong.</summary>
    PolicyVerdict JudgeRemote(ImageReference reference);

    /// <summary>Judges an image that comes in an archive, which has no name and no place of its own.</summary>
    PolicyVerdict JudgeArchive(ImageArchiveForm form);

    /// <summary>
    /// Proves that an image of a registry has all signatures that <paramref name="verdict"/> wants; asks for none where it wants none. Forbidden with what is
    /// wrong with those that were found; InvalidInput when the keys or the configuration of signatures (containers-registries.d(5)) are.
    /// </summary>
    Task ProveAsync(PolicyVerdict verdict, RemoteManifests image, CancellationToken cancellationToken);
}

/// <summary>What was found of an image on a registry, before more is believed of it.</summary>
/// <param name="Reference">The name it was asked for by.</param>
/// <param name="Repository">Where it was found.</param>
/// <param name="Digests">Proven digests: of the image's manifest, and of the list that names this one. A signature of either will do.</param>
public sealed record RemoteManifests(ImageReference Reference, IRemoteRepository Repository, IReadOnlyList<Digest> Digests);
