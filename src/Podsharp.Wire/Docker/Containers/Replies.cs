using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

/// <param name="Error">Null, and left out, unless the wait itself failed: a client takes any object for a failure.</param>
public sealed record WaitReply(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WaitError? Error, long StatusCode);

public sealed record WaitError(string Message);

public sealed record TopReply(IReadOnlyList<IReadOnlyList<string>> Processes, IReadOnlyList<string> Titles);

/// <param name="ContainersDeleted">Null when none, as dockerd has it.</param>
public sealed record PruneReply(IReadOnlyList<string>? ContainersDeleted, long SpaceReclaimed);

/// <param name="Id">Of the new image.</param>
public sealed record CommitReply(string Id);
