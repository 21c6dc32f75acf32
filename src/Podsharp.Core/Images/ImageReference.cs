using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Podsharp.Core.Errors;
using Podsharp.Core.Text;

namespace Podsharp.Core.Images;

/// <summary>
/// A fully qualified image name: <c>registry/path[:tag][@digest]</c>. Parsing normalises short names as the field does:
/// <c>busybox</c> is <c>docker.io/library/busybox</c>. The grammar is that of the distribution specification.
/// </summary>
[JsonConverter(typeof(ImageReferenceJsonConverter))]
public sealed partial record ImageReference
{
    public const string DefaultRegistry = "docker.io";
    public const string DefaultTag = "latest";

    private ImageReference(string registry, string path, string? tag, Digest? digest) =>
        (Registry, Path, Tag, Digest) = (registry, path, tag, digest);

    /// <summary>Host and optional port: <c>docker.io</c>, <c>localhost:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>Repository path within the registry: <c>library/busybox</c>.</summary>
    public string Path { get; }

    public string? Tag { get; }

    public Digest? Digest { get; }

    /// <summary><c>registry/path</c>, fully qualified.</summary>
    public string Repository => $"{Registry}/{Path}";

    /// <summary>Repository as people write it: <c>busybox</c> for docker.io/library/busybox, <c>user/x</c> for docker.io/user/x.</summary>
    public string FamiliarRepository =>
        Registry != DefaultRegistry ? Repository
        : Path.StartsWith("library/", StringComparison.Ordinal) && Path.IndexOf('/', 8) < 0 ? Path["library/".Length..]
        : Path;

    /// <summary>The short form of the whole name: <c>busybox:latest</c>.</summary>
    public string Familiar => FamiliarRepository + Suffix;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>Parses and normalises; without tag and digest the tag stays null (see <see cref="WithDefaultTag"/>).</summary>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference) ? reference : throw EngineException.InvalidInput(Complaint(text));

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        if (string.IsNullOrEmpty(text) || text.Length > 1024) return false;

        Digest? digest = null;
        var rest = text;
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            if (!Images.Digest.TryParse(rest[(at + 1)..], out var parsed)) return false;
            digest = parsed;
            rest = rest[..at];
        }

        string? tag = null;
        var colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!TagPattern().IsMatch(tag)) return false;
        }

        // 64 hex digits alone are an image id, never a repository.
        if (tag is null && digest is null && rest.Length == 64 && HexText.IsLowerHex(rest)) return false;

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : rest[..slash];
        var hasRegistry = first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal)
            || first == "localhost" || first.Any(char.IsUpper);
        var registry = hasRegistry ? first : DefaultRegistry;
        var path = hasRegistry ? rest[(slash + 1)..] : rest;
        if (registry == "index.docker.io") registry = DefaultRegistry;
        if (registry == DefaultRegistry && !path.Contains('/', StringComparison.Ordinal)) path = "library/" + path;

        if (path.Length > 255 || !RegistryPattern().IsMatch(registry) || !PathPattern().IsMatch(path)) return false;
        reference = new ImageReference(registry, path, tag, digest);
        return true;
    }

    public ImageReference WithTag(string tag) =>
        TagPattern().IsMatch(tag)
            ? new ImageReference(Registry, Path, tag, null)
            : throw EngineException.InvalidInput("invalid tag format");

    public ImageReference WithDigest(Digest digest) => new(Registry, Path, null, digest);

    public ImageReference WithDefaultTag() => Tag is null && Digest is null ? WithTag(DefaultTag) : this;

    public override string ToString() => Repository + Suffix;

    private static string Complaint(string text) =>
        TryParse(text.ToLowerInvariant(), out _)
            ? $"invalid reference format: repository name ({PathOf(text)}) must be lowercase"
            : $"invalid reference format: \"{text}\"";

    // What the registry is asked for: without its name, the tag and the digest.
    private static string PathOf(string text)
    {
        var name = text.Split('@')[0];
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/')) name = name[..colon];
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return "library/" + name;
        return name[..slash].IndexOfAny(['.', ':']) >= 0 || name[..slash] == "localhost" ? name[(slash + 1)..] : name;
    }

    // \z, not $: the latter lets a trailing newline pass.
    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?))*(?::[0-9]{1,5})?\z|^\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?\z")]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex PathPattern();
}

public sealed class ImageReferenceJsonConverter : JsonConverter<ImageReference>
{
    public override ImageReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ImageReference.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ImageReference value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
