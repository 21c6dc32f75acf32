namespace Podsharp.Core.Registries;

/// <summary>One place where a repository can be asked for: the outcome of location rewriting and mirrors.</summary>
/// <param name="Host">Host and optional port, as names are written: <c>docker.io</c>, <c>localhost:5000</c>, <c>[::1]:5000</c>.</param>
/// <param name="Repository">Path below the host: <c>library/busybox</c>; empty for questions to the registry itself.</param>
public sealed record RegistryEndpoint(string Host, string Repository)
{
    /// <summary>TLS without verification is tried first, then plain HTTP.</summary>
    public bool Insecure { get; init; }

    /// <summary>Not where the name points to; credentials that the caller gave are not for it.</summary>
    public bool IsMirror { get; init; }

    /// <summary><c>host/repository</c>, the key of credentials.</summary>
    public string Name => Repository.Length == 0 ? Host : $"{Host}/{Repository}";
}
