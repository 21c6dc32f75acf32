using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>
/// Knows from registries.conf (containers-registries.conf(5), version 2) which images a name may mean and where they are to be had.
/// Files are read anew by each call: what an administrator changes counts at once. A file that is wrong is InvalidInput naming it.
/// </summary>
public interface IRegistryDirectory
{
    /// <summary>
    /// What <paramref name="name"/> may mean, best first: itself when it names a registry (or <c>localhost/</c>), else its alias, else one
    /// candidate per unqualified-search registry. InvalidInput when the name is malformed, means nothing, or when the short-name
    /// mode forbids to guess. Tags are left as given (see <see cref="ImageReference.WithDefaultTag"/>).
    /// A dialect that knows no short names calls <see cref="ImageReference.Parse"/> instead.
    /// </summary>
    IReadOnlyList<ImageReference> CandidatesFor(string name);

    /// <summary>Where to ask for the image, in order: mirrors that allow it, then the location itself. Never empty. Forbidden when the registry is blocked.</summary>
    IReadOnlyList<RegistryEndpoint> EndpointsForPull(ImageReference reference, EndpointRules rules);

    /// <summary>Where to push to: never a mirror. Forbidden when the registry is blocked.</summary>
    RegistryEndpoint EndpointForPush(ImageReference reference, EndpointRules rules);

    /// <summary>The registry itself, for login, search and catalogue: <paramref name="host"/> with optional port. Forbidden when it is blocked.</summary>
    RegistryEndpoint EndpointForHost(string host, EndpointRules rules);

    /// <summary>unqualified-search-registries, for search and info.</summary>
    IReadOnlyList<string> SearchRegistries { get; }

    /// <summary>The configured registries, for info.</summary>
    IReadOnlyList<ConfiguredRegistry> Configured { get; }
}

/// <summary>One [[registry]] of the configuration.</summary>
/// <param name="Prefix">The names it is for: <c>host[:port][/path]</c> or <c>*.host</c>.</param>
/// <param name="Location">What replaces the prefix.</param>
public sealed record ConfiguredRegistry(string Prefix, string Location, bool Insecure, bool Blocked)
{
    public IReadOnlyList<ConfiguredMirror> Mirrors { get; init; } = [];
}

public enum MirrorUse
{
    Always,
    DigestOnly,
    TagOnly,
}

/// <param name="Location"><c>host[:port][/path]</c>, replaces the registry's prefix.</param>
public sealed record ConfiguredMirror(string Location, bool Insecure, MirrorUse Use);
