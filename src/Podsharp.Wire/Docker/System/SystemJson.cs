using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.System;

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(InfoReply))]
[JsonSerializable(typeof(EventMessage))]
public sealed partial class SystemJson : JsonSerializerContext;
