using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Builds;

/// <param name="CachesDeleted">Null where nothing was, as Docker writes it.</param>
/// <param name="SpaceReclaimed">Bytes.</param>
public sealed record PruneBuildsReply(IReadOnlyList<string>? CachesDeleted, long SpaceReclaimed);

[JsonSerializable(typeof(PruneBuildsReply))]
public sealed partial class BuildJson : JsonSerializerContext;
