using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Core.Errors;
using Podsharp.Core.Text;

namespace Podsharp.Core.Images;

/// <summary>
/// A content digest, <c>sha256:</c> and 64 lower-case hex digits (OCI image spec, descriptor.md). Only a checked digest is
/// ever used as a path.
/// </summary>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest : IComparable<Digest>
{
    private const string Prefix = "sha256:";
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 hex digits.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("The digest has no value.");

    /// <summary>The first 12 hex digits, as clients print them.</summary>
    public string Short => Hex[..12];

    public bool IsEmpty => _hex is null;

    public static Digest Parse(string text) =>
        TryParse(text, out var digest)
            ? digest
            : throw EngineException.InvalidInput($"invalid digest \"{text}\": want sha256: and 64 lower-case hex digits");

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || !IsHex(text.AsSpan(Prefix.Length))) return false;
        digest = new Digest(text[Prefix.Length..]);
        return true;
    }

    public static Digest FromHex(string hex) => Parse(Prefix + hex);

    public static Digest FromHash(ReadOnlySpan<byte> sha256) => Parse(Prefix + Convert.ToHexStringLower(sha256));

    public int CompareTo(Digest other) => string.CompareOrdinal(_hex, other._hex);

    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;

    public override string ToString() => _hex is null ? "" : Prefix + _hex;

    private static bool IsHex(ReadOnlySpan<char> text) => text.Length == 64 && HexText.IsLowerHex(text);
}

public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: > 0 } text ? Digest.Parse(text) : default;

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
