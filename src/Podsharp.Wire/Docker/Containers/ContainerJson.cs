using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    Converters =
    [
        typeof(NullIsFalse), typeof(NullIsZeroInt), typeof(NullIsZeroLong), typeof(NullIsZeroUnsigned), typeof(NullIsEmptyText),
    ])]
[JsonSerializable(typeof(CreateBody))]
[JsonSerializable(typeof(CreateReply))]
[JsonSerializable(typeof(CommitReply))]
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(ListEntry))]
[JsonSerializable(typeof(IReadOnlyList<ListEntry>))]
[JsonSerializable(typeof(InspectReply))]
[JsonSerializable(typeof(WaitReply))]
[JsonSerializable(typeof(TopReply))]
[JsonSerializable(typeof(PathStat))]
[JsonSerializable(typeof(StatsReply))]
[JsonSerializable(typeof(HostConfig))]
[JsonSerializable(typeof(UpdateReply))]
[JsonSerializable(typeof(IReadOnlyList<ChangeReply>))]
[JsonSerializable(typeof(PruneReply))]
public sealed partial class ContainerJson : JsonSerializerContext;
