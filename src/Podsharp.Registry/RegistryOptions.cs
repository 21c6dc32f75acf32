using Podsharp.Registry.Configuration;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry;

/// <summary>What the client needs to know of this machine; read once in Service.</summary>
public sealed record RegistryOptions
{
    public RegistryPlaces Places { get; init; } = new();

    public ProxyVariables Proxy { get; init; } = ProxyVariables.None;

    public Patience Patience { get; init; } = new();

    public string UserAgent { get; init; } = "podsharp";
}
