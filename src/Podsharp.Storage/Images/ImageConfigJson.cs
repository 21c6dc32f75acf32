using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podsharp.Storage.Images;

/// <summary>The configuration blob as it is written (OCI image spec, config.md, and the keys that the field added).</summary>
internal sealed class ConfigShape
{
    [JsonPropertyName("created")] public DateTimeOffset? Created { get; set; }

    [JsonPropertyName("author")] public string? Author { get; set; }

    [JsonPropertyName("comment")] public string? Comment { get; set; }

    [JsonPropertyName("architecture")] public string? Architecture { get; set; }

    [JsonPropertyName("variant")] public string? Variant { get; set; }

    [JsonPropertyName("os")] public string? Os { get; set; }

    [JsonPropertyName("os.version")] public string? OsVersion { get; set; }

    [JsonPropertyName("docker_version")] public string? BuilderVersion { get; set; }

    [JsonPropertyName("config")] public ProcessShape? Config { get; set; }

    [JsonPropertyName("rootfs")] public RootShape? Root { get; set; }

    [JsonPropertyName("history")] public List<HistoryShape>? History { get; set; }
}

internal sealed class RootShape
{
    [JsonPropertyName("type")] public string Type { get; set; } = "layers";

    [JsonPropertyName("diff_ids")] public List<string>? DiffIds { get; set; }
}

internal sealed class HistoryShape
{
    [JsonPropertyName("created")] public DateTimeOffset? Created { get; set; }

    [JsonPropertyName("created_by")] public string? CreatedBy { get; set; }

    [JsonPropertyName("author")] public string? Author { get; set; }

    [JsonPropertyName("comment")] public string? Comment { get; set; }

    [JsonPropertyName("empty_layer")] public bool? EmptyLayer { get; set; }
}

internal sealed class ProcessShape
{
    public string? User { get; set; }

    public SortedDictionary<string, JsonElement>? ExposedPorts { get; set; }

    public List<string>? Env { get; set; }

    public List<string>? Entrypoint { get; set; }

    public List<string>? Cmd { get; set; }

    public HealthShape? Healthcheck { get; set; }

    public bool? ArgsEscaped { get; set; }

    public SortedDictionary<string, JsonElement>? Volumes { get; set; }

    public string? WorkingDir { get; set; }

    public List<string>? OnBuild { get; set; }

    public SortedDictionary<string, string?>? Labels { get; set; }

    public string? StopSignal { get; set; }

    public List<string>? Shell { get; set; }
}

/// <summary>Durations are nanoseconds.</summary>
internal sealed class HealthShape
{
    public List<string>? Test { get; set; }

    public long? Interval { get; set; }

    public long? Timeout { get; set; }

    public long? StartPeriod { get; set; }

    public long? StartInterval { get; set; }

    public int? Retries { get; set; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ConfigShape))]
internal sealed partial class ImageConfigJson : JsonSerializerContext;
