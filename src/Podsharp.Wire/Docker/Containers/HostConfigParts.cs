using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

public sealed record LogConfig : AskedObject
{
    public string Type { get; set; } = "";

    public IReadOnlyDictionary<string, string>? Config { get; set; }
}

public sealed record PortBinding : AskedObject
{
    public string HostIp { get; set; } = "";

    /// <summary>A number, a range, or "" or "0" for any free port.</summary>
    public string HostPort { get; set; } = "";
}

public sealed record RestartPolicy : AskedObject
{
    public string Name { get; set; } = "";

    public int MaximumRetryCount { get; set; }
}

public sealed record WeightDevice : AskedObject
{
    public string Path { get; set; } = "";

    public int Weight { get; set; }
}

public sealed record ThrottleDevice : AskedObject
{
    public string Path { get; set; } = "";

    public ulong Rate { get; set; }
}

public sealed record DeviceMapping : AskedObject
{
    public string PathOnHost { get; set; } = "";

    public string PathInContainer { get; set; } = "";

    public string CgroupPermissions { get; set; } = "";
}

public sealed record DeviceRequest : AskedObject
{
    public string Driver { get; set; } = "";

    public int Count { get; set; }

    [JsonPropertyName("DeviceIDs")]
    public IReadOnlyList<string>? DeviceIds { get; set; }

    public IReadOnlyList<IReadOnlyList<string>?>? Capabilities { get; set; }

    public IReadOnlyDictionary<string, string>? Options { get; set; }
}

public sealed record Ulimit : AskedObject
{
    public string Name { get; set; } = "";

    public long Hard { get; set; }

    public long Soft { get; set; }
}
