using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Queries;

namespace Podsharp.Engine.Containers;

/// <param name="Name">Null or empty: a name is made up. Without a leading slash.</param>
/// <param name="Platform">os/arch[/variant]; null: any.</param>
public sealed record CreateContainerRequest(string? Name, ContainerSpec Spec, string? Platform);

public sealed record CreateContainerOutcome(ContainerId Id, IReadOnlyList<string> Warnings);

/// <param name="Container">Name, id or unique id prefix (as in all requests).</param>
public sealed record StartContainerRequest(string Container);

public enum StartOutcome
{
    Started,
    AlreadyRunning,
}

/// <param name="Timeout">Seconds before the kill; −1 for ever; null: the container's own.</param>
/// <param name="Signal">Name or number; null: the container's own.</param>
public sealed record StopContainerRequest(string Container, int? Timeout, string? Signal);

public enum StopOutcome
{
    Stopped,
    AlreadyStopped,
}

public sealed record RestartContainerRequest(string Container, int? Timeout, string? Signal);

/// <param name="Signal">Name with or without SIG, or number.</param>
public sealed record KillContainerRequest(string Container, string Signal);

public sealed record RenameContainerRequest(string Container, string NewName);

/// <param name="Volumes">Remove its anonymous volumes too.</param>
public sealed record RemoveContainerRequest(string Container, bool Force, bool Volumes);

public sealed record PruneContainersOutcome(IReadOnlyList<ContainerId> Removed, long SpaceReclaimed);

/// <param name="All">Also those that do not run.</param>
/// <param name="Limit">The newest so many, running or not; 0: no limit.</param>
public sealed record ListContainersRequest(bool All, int Limit, bool Size, Filters Filters);

/// <param name="ImageName">What to show as its image: the name it was created with, or the id when that name now means another image or none.</param>
/// <param name="Size">Bytes; null unless asked for.</param>
/// <param name="Health">Null without a health check.</param>
public sealed record ContainerListing(Container Container, string ImageName, ContainerSize? Size, ContainerHealth? Health);

/// <param name="ReadWrite">Bytes of the container's own files.</param>
/// <param name="RootFs">Bytes of these and its image.</param>
public sealed record ContainerSize(long ReadWrite, long RootFs);

/// <param name="Image">Null when the image has been removed.</param>
public sealed record ContainerInspection(
    Container Container,
    Image? Image,
    ContainerFiles Files,
    IReadOnlyList<ContainerId> ExecSessions,
    ContainerSize? Size,
    ContainerHealth? Health);

/// <summary>Host paths of the files the engine keeps for a container; empty where there is none.</summary>
public sealed record ContainerFiles(
    string ResolvConf,
    string Hostname,
    string Hosts,
    string Log,
    string LowerDirectories,
    string UpperDirectory,
    string WorkDirectory,
    string MergedDirectory);

public sealed record ContainerProcesses(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows);

public sealed record ResizeContainerRequest(string Container, TerminalSize Size);

public enum WaitCondition
{
    NotRunning,
    NextExit,
    Removed,
}

public sealed record WaitContainerRequest(string Container, WaitCondition Condition);

/// <param name="Error">Null unless the wait itself failed.</param>
public sealed record WaitOutcome(int ExitCode, string? Error);

/// <param name="Logs">Replay the log first.</param>
/// <param name="Stream">Go on with live output.</param>
/// <param name="DetachKeys">Null: the engine's default. Empty: none.</param>
public sealed record AttachContainerRequest(
    string Container, bool Stdin, bool Stdout, bool Stderr, bool Logs, bool Stream, string? DetachKeys)
{
    /// <summary>
    /// The client's connection has frames of its own and closes both ways at once: no frames of ours, and the end of an input that is not
    /// also the process's is the end.
    /// </summary>
    public bool Plain { get; init; }
}

/// <param name="Details">Each line tells what the log options labels, env and tag say of its container.</param>
public sealed record ReadLogsRequest(
    string Container, bool Stdout, bool Stderr, bool Follow, bool Timestamps, DateTimeOffset? Since, DateTimeOffset? Until, int? Tail)
{
    public bool Details { get; init; }
}

/// <param name="Repository">Name to give the image, with or without a tag; empty: none.</param>
/// <param name="Tag">Wins over a tag in the name; empty: that one, or latest.</param>
/// <param name="Pause">Freeze the container's processes while its files are copied.</param>
/// <param name="Changes">Configuration instructions, one or more lines each.</param>
/// <param name="Process">What the image is to run, in place of what the container runs; what it leaves empty is the container's.</param>
public sealed record CommitContainerRequest(
    string Container,
    string Repository,
    string Tag,
    string Comment,
    string Author,
    bool Pause,
    IReadOnlyList<string> Changes,
    ImageProcess? Process);
