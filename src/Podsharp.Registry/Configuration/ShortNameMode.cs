namespace Podsharp.Registry.Configuration;

internal enum ShortNameMode
{
    /// <summary>Where nobody can be asked, all search registries are tried.</summary>
    Permissive,

    /// <summary>Where nobody can be asked, an ambiguous name is an error.</summary>
    Enforcing,

    /// <summary>All search registries are tried.</summary>
    Disabled,
}
