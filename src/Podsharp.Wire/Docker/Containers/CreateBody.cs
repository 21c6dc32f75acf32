namespace Podsharp.Wire.Docker.Containers;

/// <summary>Body of POST /containers/create: the configuration at the top, and beside it what belongs to this host.</summary>
public sealed record CreateBody : ContainerConfig
{
    /// <summary>Docker.DotNet repeats the query's name here; the query counts.</summary>
    public string Name { get; set; } = "";

    public HostConfig? HostConfig { get; set; }

    public NetworkingConfig? NetworkingConfig { get; set; }
}

public sealed record NetworkingConfig : AskedObject
{
    public IReadOnlyDictionary<string, EndpointSettings?>? EndpointsConfig { get; set; }
}

/// <param name="Warnings">Never null.</param>
public sealed record CreateReply(string Id, IReadOnlyList<string> Warnings);
