using System.Text.Json;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Images;

/// <summary>Turns configuration blobs into Core's records and back.</summary>
internal static class ImageConfigBlob
{
    private const int MaximumMembers = 10_000;

    // The kernel stacks no more in an overlay.
    private const int MaximumLayers = 500;
    private const int MaximumPorts = 3 * ushort.MaxValue;
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>The configuration and its layers' digests, base first. InvalidInput when it is no image configuration.</summary>
    public static (ImageConfig Config, IReadOnlyList<Digest> Layers) Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var shape = JsonSerializer.Deserialize(json, ImageConfigJson.Default.ConfigShape) ?? new ConfigShape();
            RefuseAbsurdCounts(shape);
            var config = new ImageConfig
            {
                Created = shape.Created,
                Author = shape.Author,
                Comment = shape.Comment,
                Architecture = shape.Architecture ?? "",
                Os = shape.Os is { Length: > 0 } os ? os : "linux",
                Variant = shape.Variant,
                OsVersion = shape.OsVersion,
                DockerVersion = shape.BuilderVersion,
                Process = Process(shape.Config ?? new ProcessShape()),
                History = [.. (shape.History ?? []).Select(one => new ImageHistory(one.Created, one.CreatedBy, one.Author, one.Comment, one.EmptyLayer ?? false))],
            };
            return (config, [.. (shape.Root?.DiffIds ?? []).Select(static text => Digest.Parse(text ?? ""))]);
        }
        catch (JsonException e)
        {
            throw EngineException.InvalidInput($"the image's configuration cannot be read: {e.Message}");
        }
    }

    public static byte[] Write(ImageConfig config, IReadOnlyList<Digest> layers)
    {
        var shape = new ConfigShape
        {
            Created = config.Created,
            Author = NullIfEmpty(config.Author),
            Comment = NullIfEmpty(config.Comment),
            Architecture = config.Architecture,
            Variant = NullIfEmpty(config.Variant),
            Os = config.Os,
            OsVersion = NullIfEmpty(config.OsVersion),
            BuilderVersion = config.DockerVersion,
            Config = Shape(config.Process),
            Root = new RootShape { DiffIds = [.. layers.Select(digest => digest.ToString())] },
            History = [.. config.History.Select(one => new HistoryShape
            {
                Created = one.Created,
                CreatedBy = one.CreatedBy,
                Author = one.Author,
                Comment = one.Comment,
                EmptyLayer = one.EmptyLayer ? true : null,
            })],
        };
        return JsonSerializer.SerializeToUtf8Bytes(shape, ImageConfigJson.Default.ConfigShape);
    }

    // They are kept in memory for as long as the image is in the store.
    private static void RefuseAbsurdCounts(ConfigShape shape)
    {
        Refuse("layers", shape.Root?.DiffIds?.Count, MaximumLayers);
        Refuse("steps of history", shape.History?.Count, MaximumMembers);
        var process = shape.Config ?? new ProcessShape();
        Refuse("exposed ports", process.ExposedPorts?.Count, MaximumMembers);
        Refuse("volumes", process.Volumes?.Count, MaximumMembers);
        Refuse("variables", process.Env?.Count, MaximumMembers);
        Refuse("labels", process.Labels?.Count, MaximumMembers);
        Refuse("words of a command", Math.Max(process.Entrypoint?.Count ?? 0, process.Cmd?.Count ?? 0), MaximumMembers);
        Refuse("build triggers", process.OnBuild?.Count, MaximumMembers);
        IEnumerable<object?> all = [.. shape.History ?? [], .. process.Env ?? [], .. process.Entrypoint ?? [], .. process.Cmd ?? [], .. process.OnBuild ?? [], .. process.Shell ?? []];
        if (all.Contains(null)) throw EngineException.InvalidInput("the image's configuration cannot be read: one of its lists holds null");
    }

    private static void Refuse(string what, int? count, int maximum)
    {
        if (count > maximum) throw EngineException.InvalidInput($"the image's configuration is refused: it has {count} {what}, more than {maximum}");
    }

    private static List<PortKey> Ports(IEnumerable<string> texts)
    {
        var ports = new List<PortKey>();
        foreach (var text in texts)
        {
            ports.AddRange(PortKey.ParseRange(text));
            Refuse("exposed ports", ports.Count, MaximumPorts);
        }

        return ports;
    }

    private static ImageProcess Process(ProcessShape shape) => new()
    {
        User = shape.User ?? "",
        Environment = shape.Env ?? [],
        Entrypoint = shape.Entrypoint,
        Command = shape.Cmd,
        WorkingDirectory = shape.WorkingDir ?? "",
        ExposedPorts = Ports(shape.ExposedPorts?.Keys ?? Enumerable.Empty<string>()),
        Volumes = [.. shape.Volumes?.Keys ?? Enumerable.Empty<string>()],
        Labels = (shape.Labels ?? []).ToDictionary(label => label.Key, label => label.Value ?? ""),
        StopSignal = NullIfEmpty(shape.StopSignal),
        HealthCheck = shape.Healthcheck is { } health ? Health(health) : null,
        OnBuild = shape.OnBuild,
        Shell = shape.Shell,
        ArgsEscaped = shape.ArgsEscaped ?? false,
    };

    private static ProcessShape Shape(ImageProcess process) => new()
    {
        User = NullIfEmpty(process.User),
        Env = process.Environment.Count == 0 ? null : [.. process.Environment],
        Entrypoint = process.Entrypoint?.ToList(),
        Cmd = process.Command?.ToList(),
        WorkingDir = NullIfEmpty(process.WorkingDirectory),
        ExposedPorts = Set(process.ExposedPorts.Select(port => port.ToString())),
        Volumes = Set(process.Volumes),
        Labels = process.Labels.Count == 0 ? null : new SortedDictionary<string, string?>(process.Labels.ToDictionary(label => label.Key, label => (string?)label.Value)),
        StopSignal = process.StopSignal,
        Healthcheck = process.HealthCheck is { } health ? Shape(health) : null,
        OnBuild = process.OnBuild?.ToList(),
        Shell = process.Shell?.ToList(),
        ArgsEscaped = process.ArgsEscaped ? true : null,
    };

    private static HealthCheck Health(HealthShape shape) => new(
        shape.Test ?? [], Duration(shape.Interval), Duration(shape.Timeout), Duration(shape.StartPeriod), Duration(shape.StartInterval), shape.Retries);

    private static HealthShape Shape(HealthCheck health) => new()
    {
        Test = [.. health.Test],
        Interval = Nanoseconds(health.Interval),
        Timeout = Nanoseconds(health.Timeout),
        StartPeriod = Nanoseconds(health.StartPeriod),
        StartInterval = Nanoseconds(health.StartInterval),
        Retries = health.Retries,
    };

    private static TimeSpan? Duration(long? nanoseconds) => nanoseconds is > 0 ? TimeSpan.FromTicks(nanoseconds.Value / TimeSpan.NanosecondsPerTick) : null;

    private static long? Nanoseconds(TimeSpan? duration) => duration?.Ticks * TimeSpan.NanosecondsPerTick;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static SortedDictionary<string, JsonElement>? Set(IEnumerable<string> names)
    {
        var set = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var name in names) set[name] = Empty;
        return set.Count == 0 ? null : set;
    }
}
