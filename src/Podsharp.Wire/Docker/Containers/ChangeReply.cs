namespace Podsharp.Wire.Docker.Containers;

/// <param name="Kind">0 modified, 1 added, 2 deleted.</param>
public sealed record ChangeReply(string Path, int Kind);

/// <param name="Warnings">Null where there are none.</param>
public sealed record UpdateReply(IReadOnlyList<string>? Warnings);
