using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

/// <summary>What the header X-Docker-Container-Path-Stat holds, in base64.</summary>
/// <param name="Mode">Go's fs.FileMode: its bits are not those of stat(2).</param>
/// <param name="ModificationTime">RFC 3339 with nanoseconds.</param>
public sealed record PathStat(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("mode")] uint Mode,
    [property: JsonPropertyName("mtime")] string ModificationTime,
    [property: JsonPropertyName("linkTarget")] string LinkTarget);
