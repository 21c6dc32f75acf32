using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>Whether an image may be used (containers-policy.json(5)). The file is read anew by each call.</summary>
public interface IImagePolicy
{
    /// <summary>Judges an image that comes from a registry. InvalidInput when the policy file is missing or wrong.</summary>
    PolicyVerdict JudgeRemote(ImageReference reference);

    /// <summary>Judges an image that comes from a file or directory.</summary>
    /// <param name="transport">docker-archive, oci-archive, oci, dir, tarball, docker-daemon.</param>
    /// <param name="scope">The transport's scope, such as an absolute path; may be empty.</param>
    PolicyVerdict JudgeLocal(string transport, string scope);
}
