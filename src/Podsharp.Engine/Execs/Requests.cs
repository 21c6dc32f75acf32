using Podsharp.Core.Containers;

namespace Podsharp.Engine.Execs;

/// <param name="DetachKeys">Null: the engine's default. Empty: none.</param>
public sealed record CreateExecRequest(
    string Container,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Environment,
    string User,
    string WorkingDirectory,
    bool Privileged,
    bool Terminal,
    bool AttachStdin,
    bool AttachStdout,
    bool AttachStderr,
    string? DetachKeys,
    TerminalSize TerminalSize);

/// <param name="Raw">The client expects bytes as a terminal's, not frames, whatever the process has: clients read by what they said here, and dockerd 26 answers so.</param>
public sealed record StartExecRequest(string Session, bool Detach, bool Raw, TerminalSize TerminalSize);

public sealed record ResizeExecRequest(string Session, TerminalSize Size);

/// <summary>An exec session as inspection sees it.</summary>
public sealed record ExecSession
{
    public required ContainerId Id { get; init; }

    public required ContainerId ContainerId { get; init; }

    public required CreateExecRequest Request { get; init; }

    public bool Running { get; init; }

    public bool Started { get; init; }

    /// <summary>Null until it has exited.</summary>
    public int? ExitCode { get; init; }

    public int Pid { get; init; }
}
