using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

/// <summary>One sample of <c>/containers/{id}/stats</c>. What is zero and marked so is left out, as Go's omitempty does.</summary>
public sealed record StatsReply
{
    [JsonPropertyName("read")]
    public required string Read { get; init; }

    [JsonPropertyName("preread")]
    public required string PreRead { get; init; }

    [JsonPropertyName("pids_stats")]
    public required PidsStats Pids { get; init; }

    [JsonPropertyName("blkio_stats")]
    public required BlockStats Block { get; init; }

    /// <summary>Windows only.</summary>
    [JsonPropertyName("num_procs")]
    public int ProcessCount { get; init; }

    /// <summary>Windows only.</summary>
    [JsonPropertyName("storage_stats")]
    public StorageStats Storage { get; init; } = new();

    [JsonPropertyName("cpu_stats")]
    public required CpuStats Cpu { get; init; }

    [JsonPropertyName("precpu_stats")]
    public required CpuStats PreCpu { get; init; }

    [JsonPropertyName("memory_stats")]
    public required MemoryStats Memory { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Since API 1.52; null leaves it out.</summary>
    [JsonPropertyName("os_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsType { get; init; }

    [JsonPropertyName("networks"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, NetworkStats>? Networks { get; init; }
}

public sealed record PidsStats(
    [property: JsonPropertyName("current"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ulong Current,
    [property: JsonPropertyName("limit"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ulong Limit);

public sealed record StorageStats;

/// <param name="Bytes">Null, not empty, where nothing is known; so are the other lists.</param>
public sealed record BlockStats(
    [property: JsonPropertyName("io_service_bytes_recursive")] IReadOnlyList<BlockStat>? Bytes,
    [property: JsonPropertyName("io_serviced_recursive")] IReadOnlyList<BlockStat>? Operations,
    [property: JsonPropertyName("io_queue_recursive")] IReadOnlyList<BlockStat>? Queue,
    [property: JsonPropertyName("io_service_time_recursive")] IReadOnlyList<BlockStat>? ServiceTime,
    [property: JsonPropertyName("io_wait_time_recursive")] IReadOnlyList<BlockStat>? WaitTime,
    [property: JsonPropertyName("io_merged_recursive")] IReadOnlyList<BlockStat>? Merged,
    [property: JsonPropertyName("io_time_recursive")] IReadOnlyList<BlockStat>? Time,
    [property: JsonPropertyName("sectors_recursive")] IReadOnlyList<BlockStat>? Sectors);

public sealed record BlockStat(
    [property: JsonPropertyName("major")] ulong Major,
    [property: JsonPropertyName("minor")] ulong Minor,
    [property: JsonPropertyName("op")] string Operation,
    [property: JsonPropertyName("value")] ulong Value);

public sealed record CpuStats(
    [property: JsonPropertyName("cpu_usage")] CpuUsage Usage,
    [property: JsonPropertyName("system_cpu_usage"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ulong SystemUsage,
    [property: JsonPropertyName("online_cpus"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int OnlineCpus,
    [property: JsonPropertyName("throttling_data")] ThrottlingData Throttling);

public sealed record CpuUsage(
    [property: JsonPropertyName("total_usage")] ulong Total,
    [property: JsonPropertyName("percpu_usage"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ulong>? PerCpu,
    [property: JsonPropertyName("usage_in_kernelmode")] ulong Kernel,
    [property: JsonPropertyName("usage_in_usermode")] ulong User);

public sealed record ThrottlingData(
    [property: JsonPropertyName("periods")] ulong Periods,
    [property: JsonPropertyName("throttled_periods")] ulong ThrottledPeriods,
    [property: JsonPropertyName("throttled_time")] ulong ThrottledTime);

public sealed record MemoryStats(
    [property: JsonPropertyName("usage"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ulong Usage,
    [property: JsonPropertyName("max_usage"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ulong MaxUsage,
    [property: JsonPropertyName("stats"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, ulong>? Stats,
    [property: JsonPropertyName("failcnt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ulong FailCount,
    [property: JsonPropertyName("limit"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ulong Limit);

public sealed record NetworkStats(
    [property: JsonPropertyName("rx_bytes")] ulong ReceivedBytes,
    [property: JsonPropertyName("rx_packets")] ulong ReceivedPackets,
    [property: JsonPropertyName("rx_errors")] ulong ReceiveErrors,
    [property: JsonPropertyName("rx_dropped")] ulong ReceiveDrops,
    [property: JsonPropertyName("tx_bytes")] ulong SentBytes,
    [property: JsonPropertyName("tx_packets")] ulong SentPackets,
    [property: JsonPropertyName("tx_errors")] ulong SendErrors,
    [property: JsonPropertyName("tx_dropped")] ulong SendDrops);
