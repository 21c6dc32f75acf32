using System.Text.Json.Serialization;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Wire.Docker.Execs;

/// <summary>Body of POST /containers/{id}/exec.</summary>
public sealed record ExecCreateBody : AskedObject
{
    public string User { get; set; } = "";

    public bool Privileged { get; set; }

    public bool Tty { get; set; }

    /// <summary>Height, width.</summary>
    public IReadOnlyList<int>? ConsoleSize { get; set; }

    public bool AttachStdin { get; set; }

    public bool AttachStderr { get; set; }

    public bool AttachStdout { get; set; }

    public string DetachKeys { get; set; } = "";

    public IReadOnlyList<string>? Env { get; set; }

    public string WorkingDir { get; set; } = "";

    public IReadOnlyList<string>? Cmd { get; set; }

    /// <summary>Clients say it here too, but only the start's own counts.</summary>
    public bool Detach { get; set; }

    /// <summary>docker-py repeats the path's container.</summary>
    public string Container { get; set; } = "";
}

/// <summary>Body of POST /exec/{id}/start.</summary>
public sealed record ExecStartBody : AskedObject
{
    public bool Detach { get; set; }

    /// <summary>The client reads a terminal's bytes; else it reads frames. Whether the process has a terminal was said when the session was created.</summary>
    public bool Tty { get; set; }

    /// <summary>Height, width.</summary>
    public IReadOnlyList<int>? ConsoleSize { get; set; }
}

public sealed record ExecInspectReply
{
    [JsonPropertyName("ID")]
    public required string Id { get; init; }

    public required bool Running { get; init; }

    /// <summary>Null while it runs.</summary>
    public required int? ExitCode { get; init; }

    public required ExecProcessConfig ProcessConfig { get; init; }

    public required bool OpenStdin { get; init; }

    public required bool OpenStderr { get; init; }

    public required bool OpenStdout { get; init; }

    public required bool CanRemove { get; init; }

    [JsonPropertyName("ContainerID")]
    public required string ContainerId { get; init; }

    /// <summary>Base64 of the key codes.</summary>
    public required string DetachKeys { get; init; }

    /// <summary>On the host.</summary>
    public required int Pid { get; init; }
}

public sealed record ExecProcessConfig
{
    [JsonPropertyName("tty")]
    public required bool Tty { get; init; }

    [JsonPropertyName("entrypoint")]
    public required string Entrypoint { get; init; }

    [JsonPropertyName("arguments")]
    public required IReadOnlyList<string> Arguments { get; init; }

    [JsonPropertyName("privileged")]
    public required bool Privileged { get; init; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}
