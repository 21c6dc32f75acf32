using System.Text.Json.Serialization;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Wire.Docker.Execs;

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(NullIsFalse), typeof(NullIsZeroInt), typeof(NullIsEmptyText)])]
[JsonSerializable(typeof(ExecCreateBody))]
[JsonSerializable(typeof(ExecStartBody))]
[JsonSerializable(typeof(ExecInspectReply))]
public sealed partial class ExecJson : JsonSerializerContext;
