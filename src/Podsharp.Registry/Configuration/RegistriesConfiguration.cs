using Podsharp.Core.Registries;

namespace Podsharp.Registry.Configuration;

/// <summary>registries.conf with its drop-ins, merged.</summary>
internal sealed record RegistriesConfiguration
{
    /// <summary>The file a user would edit; for messages.</summary>
    public string Source { get; init; } = "/etc/containers/registries.conf";

    public IReadOnlyList<string> SearchRegistries { get; init; } = [];

    public ShortNameMode ShortNameMode { get; init; }

    /// <summary>Full repository names by short name.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ConfiguredRegistry> Registries { get; init; } = [];

    /// <summary>Where credentials are looked for, in order: names of helpers, and containers-auth.json for the files.</summary>
    public IReadOnlyList<string> CredentialHelpers { get; init; } = [AuthFilesHelper];

    public const string AuthFilesHelper = "containers-auth.json";
}
