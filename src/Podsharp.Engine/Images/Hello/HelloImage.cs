using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images.Hello;

/// <summary>
/// The image that comes with the engine, made by its own code: no network, no registry, no file beside the binary. The same
/// bytes come out at each call, so its id never changes between machines of one architecture.
/// </summary>
public static class HelloImage
{
    public const string Greeting =
        """
        Hello from Podsharp!

        This text was written by a container: a static program of a few hundred bytes in
        an image that comes with the engine. To get here the service unpacked the image,
        mounted an overlay, joined a network and let the OCI runtime start the program.

        Next:
          podsharp load -i IMAGE.tar                   bring an image of your own
          podsharp run --rm -it IMAGE sh               look around in it
          podsharp ps -a                               the containers there are

        """;

    private const string ProgramName = "hello";
    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The name it is stored under.</summary>
    public static ImageReference Reference { get; } = ImageReference.Parse("localhost/podsharp/hello:latest");

    // What "hello" alone normalises to; the default registry has no such official image.
    private static readonly ImageReference ShortName = ImageReference.Parse("hello:latest");

    /// <summary>True for <see cref="Reference"/> and for the bare name <c>hello</c>, with the tag latest or none.</summary>
    public static bool IsNamed(ImageReference reference)
    {
        var tagged = reference.WithDefaultTag();
        return tagged == Reference || tagged == ShortName;
    }

    /// <summary>The image as an archive for <see cref="IImageArchives.LoadAsync"/>, at its start.</summary>
    /// <param name="architecture">Go's name: amd64 or arm64.</param>
    /// <exception cref="EngineException">NotSupported: any other architecture.</exception>
    public static Stream OpenArchive(string architecture)
    {
        var layer = Tar((ProgramName, HelloProgram.Build(architecture, Greeting), Mode: UnixFileMode.UserRead | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute));
        var layerDigest = Digest.FromHash(SHA256.HashData(layer));
        var config = Json(writer => WriteConfig(writer, architecture, layerDigest));
        var configName = Digest.FromHash(SHA256.HashData(config)).Hex + ".json";
        var layerName = layerDigest.Hex + ".tar";

        const UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        return new MemoryStream(
            Tar(
                (configName, config, plain),
                (layerName, layer, plain),
                ("manifest.json", Json(writer => WriteManifest(writer, configName, layerName)), plain)),
            writable: false);
    }

    private static void WriteConfig(Utf8JsonWriter writer, string architecture, Digest layer)
    {
        writer.WriteStartObject();
        writer.WriteString("architecture", architecture);
        writer.WriteString("os", "linux");
        writer.WriteString("created", Created);
        writer.WriteStartObject("config");
        writer.WriteStartArray("Cmd");
        writer.WriteStringValue("/" + ProgramName);
        writer.WriteEndArray();
        writer.WriteString("WorkingDir", "/");
        writer.WriteStartObject("Labels");
        writer.WriteString("org.opencontainers.image.title", "Podsharp hello");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("rootfs");
        writer.WriteString("type", "layers");
        writer.WriteStartArray("diff_ids");
        writer.WriteStringValue(layer.ToString());
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("history");
        writer.WriteStartObject();
        writer.WriteString("created", Created);
        writer.WriteString("created_by", "embedded in the engine");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteManifest(Utf8JsonWriter writer, string configName, string layerName)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("Config", configName);
        writer.WriteStartArray("RepoTags");
        writer.WriteStringValue(Reference.ToString());
        writer.WriteEndArray();
        writer.WriteStartArray("Layers");
        writer.WriteStringValue(layerName);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json)) write(writer);
        return json.ToArray();
    }

    private static byte[] Tar(params ReadOnlySpan<(string Name, byte[] Content, UnixFileMode Mode)> files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content, mode) in files)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    Mode = mode,
                    ModificationTime = Created,
                    DataStream = new MemoryStream(content, writable: false),
                });
            }
        }

        return tar.ToArray();
    }
}
