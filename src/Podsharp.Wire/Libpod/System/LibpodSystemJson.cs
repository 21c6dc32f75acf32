using System.Text.Json.Serialization;

namespace Podsharp.Wire.Libpod.System;

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InfoReport))]
public sealed partial class LibpodSystemJson : JsonSerializerContext;
