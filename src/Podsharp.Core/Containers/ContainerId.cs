using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Core.Errors;
using Podsharp.Core.Text;

namespace Podsharp.Core.Containers;

/// <summary>A container's (or exec session's) id: 64 lower-case hex digits, random.</summary>
[JsonConverter(typeof(ContainerIdJsonConverter))]
public readonly record struct ContainerId
{
    private readonly string? _value;

    private ContainerId(string value) => _value = value;

    /// <summary>The first 12 digits, as clients print them.</summary>
    public string Short => ToString()[..12];

    public static ContainerId New() => new(RandomNumberGenerator.GetHexString(64, lowercase: true));

    public static ContainerId Parse(string text) =>
        text.Length == 64 && HexText.IsLowerHex(text)
            ? new ContainerId(text)
            : throw EngineException.InvalidInput($"invalid id \"{text}\": want 64 lower-case hex digits");

    public override string ToString() => _value ?? throw new InvalidOperationException("The id has no value.");
}

public sealed class ContainerIdJsonConverter : JsonConverter<ContainerId>
{
    public override ContainerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ContainerId.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ContainerId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
