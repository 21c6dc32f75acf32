using Podsharp.Core.Containers;
using Podsharp.Core.Oci;

namespace Podsharp.Core.Runtime;

/// <summary>
/// Drives the OCI runtime and the monitor (conmon) that holds a container's stdio, writes its log and its exit file, and
/// outlives this service. Runtime failures are EngineException with the runtime's own words: InvalidInput where the
/// command cannot be run (message starts with the runtime's text), else Internal.
/// </summary>
public interface IContainerRuntime
{
    /// <summary>A create or an exec is about to follow: begins in the background what it would have to wait for. Returns at once and never fails.</summary>
    void Anticipate();

    /// <summary>Makes the bundle, starts the monitor and has the runtime create the container; its process waits for <see cref="StartAsync"/>. On failure nothing is left behind.</summary>
    Task<CreatedProcess> CreateAsync(CreateProcessRequest request, CancellationToken cancellationToken);

    Task StartAsync(ContainerId id, CancellationToken cancellationToken);

    /// <summary>Signals the init process; true when it was there.</summary>
    Task<bool> SignalAsync(Container container, int signal, CancellationToken cancellationToken);

    Task PauseAsync(ContainerId id, CancellationToken cancellationToken);

    Task ResumeAsync(ContainerId id, CancellationToken cancellationToken);

    /// <summary>Kills what is left of it and removes the runtime's state, its control group and the run directory of all generations; no error when it is gone.</summary>
    Task DeleteAsync(ContainerId id, CancellationToken cancellationToken);

    Task UpdateAsync(ContainerId id, LinuxResources resources, CancellationToken cancellationToken);

    /// <summary>Connects to the stdio of a created or running container. Output from before the connection is not seen.</summary>
    Task<IStdio> AttachAsync(Container container, CancellationToken cancellationToken);

    Task ResizeAsync(Container container, TerminalSize size, CancellationToken cancellationToken);

    /// <summary>Asks the monitor to reopen the log file (after rotation).</summary>
    Task ReopenLogAsync(Container container, CancellationToken cancellationToken);

    /// <summary>Runs a further process in a running container. A command that cannot be run is InvalidInput or NotFound with the runtime's text.</summary>
    Task<IExecProcess> ExecAsync(ExecProcessRequest request, CancellationToken cancellationToken);

    /// <summary>Host pids of all processes in the container.</summary>
    Task<IReadOnlyList<int>> ProcessesAsync(Container container, CancellationToken cancellationToken);

    /// <summary>True while the init process with this pid and start time lives.</summary>
    bool IsAlive(int pid, long startTime);
}

public sealed record CreateProcessRequest
{
    public required ContainerId Id { get; init; }

    public required string Name { get; init; }

    public required int Generation { get; init; }

    /// <summary>The OCI configuration; its root is the mounted rootfs.</summary>
    public required RuntimeSpec Spec { get; init; }

    public bool Terminal { get; init; }

    public bool OpenStdin { get; init; }

    /// <summary>Keep stdin open when the attached client goes (OpenStdin without StdinOnce).</summary>
    public bool LeaveStdinOpen { get; init; }

    /// <summary>k8s-file, json-file or local (the same format), none, journald.</summary>
    public required string LogDriver { get; init; }

    /// <summary>Goes with each entry of the driver journald; empty: none.</summary>
    public string LogTag { get; init; } = "";

    /// <summary>Bytes after which conmon truncates; 0 never.</summary>
    public long LogSizeMaximum { get; init; }

    /// <summary>Runtime name or path; empty: the engine's default.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>Compile-once cache key and data are the driver's own business; this says that the default profile is in <see cref="Spec"/> unchanged.</summary>
    public bool DefaultSeccomp { get; init; }
}

/// <param name="StartTime">In clock ticks since boot.</param>
public sealed record CreatedProcess(int Pid, long StartTime, int MonitorPid);

public enum StdioStream : byte
{
    Input = 0,
    Output = 1,
    Error = 2,
}

/// <summary>What one read gave. Zero bytes: the end.</summary>
public readonly record struct StdioRead(StdioStream Stream, int Count);

/// <summary>The stdio of a process: many may be attached to a container at once.</summary>
public interface IStdio : IAsyncDisposable
{
    /// <summary>Reads one piece of output into <paramref name="buffer"/> (at least 32 KiB). Count 0: the process has closed its output and will write no more.</summary>
    ValueTask<StdioRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes to stdin; bytes after the process has gone are dropped.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>End of input.</summary>
    ValueTask CloseInputAsync(CancellationToken cancellationToken);
}

public sealed record ExecProcessRequest
{
    public required Container Container { get; init; }

    /// <summary>The session's id.</summary>
    public required ContainerId SessionId { get; init; }

    public required RuntimeProcess Process { get; init; }

    /// <summary>Give stdin (else /dev/null).</summary>
    public bool OpenStdin { get; init; }

    /// <summary>No stdio at all: everything is /dev/null.</summary>
    public bool Detached { get; init; }
}

/// <summary>A running exec session. Disposing ends the connection to it, not the process.</summary>
public interface IExecProcess : IAsyncDisposable
{
    /// <summary>Host pid.</summary>
    int Pid { get; }

    /// <summary>Null when detached.</summary>
    IStdio? Stdio { get; }

    /// <summary>Exit code, 128+signal when killed.</summary>
    Task<int> Exited { get; }

    Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken);
}

/// <summary>
/// Tells when containers exit: from conmon's exit files (inotify) and, where a monitor was killed, from a pidfd on the init process.
/// Exits from before <see cref="Watch"/> are told at once.
/// </summary>
public interface IExitWatcher
{
    /// <summary>Starts watching one start of a container; each start is told exactly once.</summary>
    void Watch(ContainerId id, int generation, int pid, long startTime);

    /// <summary>Exits as they come, for the one loop that handles them.</summary>
    IAsyncEnumerable<ContainerExit> ReadAllAsync(CancellationToken cancellationToken);
}

/// <param name="ExitCode">−1 when nobody could learn it (its monitor was killed); what then stands for it is the engine's choice.</param>
public sealed record ContainerExit(ContainerId Id, int Generation, int ExitCode, bool OutOfMemory, DateTimeOffset Time);
