using Podsharp.Core.Errors;

namespace Podsharp.Core.Containers;

public enum NamespaceKind
{
    /// <summary>What the engine's configuration says; resolved when the container is created.</summary>
    Default,
    Private,

    /// <summary>IPC only: private, but other containers may join it.</summary>
    Shareable,
    Host,

    /// <summary>That of the container named in <see cref="NamespaceMode.Value"/>.</summary>
    Container,

    /// <summary>IPC: no /dev/shm. Network: loopback only.</summary>
    None,

    /// <summary>Network only: bridge networks, named in <see cref="NetworkSpec.Endpoints"/>.</summary>
    Bridge,
}

/// <summary>Where one of a container's namespaces comes from.</summary>
/// <param name="Value">The container's name or id for <see cref="NamespaceKind.Container"/>; else empty.</param>
public readonly record struct NamespaceMode(NamespaceKind Kind, string Value = "")
{
    /// <summary>Reads "", "default", "private", "shareable", "host", "none", "container:ID"; <paramref name="what"/> names the option in errors.</summary>
    public static NamespaceMode Parse(string text, string what) => text switch
    {
        "" or "default" => new(NamespaceKind.Default),
        "private" => new(NamespaceKind.Private),
        "shareable" => new(NamespaceKind.Shareable),
        "host" => new(NamespaceKind.Host),
        "none" => new(NamespaceKind.None),
        _ when text.StartsWith("container:", StringComparison.Ordinal) && text.Length > 10 => new(NamespaceKind.Container, text[10..]),
        _ => throw EngineException.InvalidInput($"invalid {what} mode: {text}"),
    };

    public override string ToString() => Kind switch
    {
        NamespaceKind.Default => "",
        NamespaceKind.Container => "container:" + Value,
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
