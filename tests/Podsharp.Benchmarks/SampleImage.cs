using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Podsharp.Benchmarks;

/// <summary>An image of four layers, in the forms of a registry and of an archive.</summary>
internal sealed class SampleImage
{
    public const string Repository = "podsharp/sample";
    public const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    public const int Megabytes = 190;

    private const int LayerCount = 4;
    private const int LayerBytes = Megabytes * 1_000_000 / LayerCount;

    // What programs, libraries and texts are like, compressed once: the numbers differ by a last small file in each layer.
    private static readonly Lazy<SampleLayer[]> Bases = new(() => [.. MachineFiles().Select(static files =>
    {
        var tar = SampleLayer.TarOf(files, closed: false);
        return new SampleLayer(tar, SampleLayer.Pack(tar, CompressionLevel.Optimal), "");
    })]);

    private SampleImage(string tag, IReadOnlyList<SampleLayer> layers)
    {
        (Tag, Layers) = (tag, layers);
        Config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["created"] = "2024-01-01T00:00:00Z",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("sh"), ["Labels"] = new JsonObject { ["podsharp.sample"] = tag } },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = Strings(layers.Select(static layer => layer.DiffId)) },
        }.ToJsonString());
        Manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor("application/vnd.docker.container.image.v1+json", Config),
            ["layers"] = new JsonArray([.. layers.Select(static layer => Descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer.Gzip))]),
        }.ToJsonString());
    }

    public string Tag { get; }

    public IReadOnlyList<SampleLayer> Layers { get; }

    public byte[] Config { get; }

    public byte[] Manifest { get; }

    /// <summary>190 MB of this machine's files. No other tag's has a layer of it.</summary>
    public static SampleImage Of(string tag) => new(tag, [.. Bases.Value.Select((layer, number) => layer.With($"podsharp-sample-{tag}-{number}"))]);

    /// <summary>Any size; only for registries, and half of it doesn't compress.</summary>
    public static SampleImage OfSize(string tag, int megabytes) => new(tag, [.. Enumerable.Range(0, LayerCount).Select(number =>
    {
        var tar = SampleLayer.TarOf(MadeFiles(number, megabytes * 1_000_000L / LayerCount), closed: true);
        return new SampleLayer([], SampleLayer.Pack(tar, CompressionLevel.Fastest), DigestOf(tar));
    })]);

    public static string DigestOf(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>As `docker save` writes it, under a name.</summary>
    public async Task WriteArchiveAsync(Stream target, string name)
    {
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        var layers = string.Join(',', Layers.Select(static (_, number) => $"\"layer-{number}.tar\""));
        tar.WriteEntry(Entry("config.json", Config));
        for (var number = 0; number < Layers.Count; number++) tar.WriteEntry(Entry($"layer-{number}.tar", Layers[number].Tar));
        tar.WriteEntry(Entry("manifest.json", Encoding.UTF8.GetBytes(
            $$"""[{"Config":"config.json","RepoTags":["{{name}}"],"Layers":[{{layers}}]}]""")));
    }

    private static PaxTarEntry Entry(string name, byte[] content) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(static value => (JsonNode)value)]);

    private static JsonNode Descriptor(string type, byte[] content) =>
        new JsonObject { ["mediaType"] = type, ["size"] = content.Length, ["digest"] = DigestOf(content) };

    private static IEnumerable<List<(string Name, byte[] Content)>> MachineFiles()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var directories = ((string[])["/usr/bin", "/usr/lib", "/usr/share"])
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*", options))
            .GroupBy(static path => Path.GetDirectoryName(path)!).OrderBy(static directory => directory.Key, StringComparer.Ordinal).ToArray();
        new Random(4711).Shuffle(directories);
        var paths = directories.SelectMany(static directory => directory.Order(StringComparer.Ordinal)).ToArray();
        var next = 0;
        for (var layer = 0; layer < LayerCount; layer++)
        {
            var files = new List<(string, byte[])>();
            for (var size = 0L; size < LayerBytes && next < paths.Length; next++)
            {
                if (new FileInfo(paths[next]).Length is 0 or > 8 << 20) continue;
                var content = File.ReadAllBytes(paths[next]);
                files.Add((paths[next].TrimStart('/'), content));
                size += content.Length + 1024;
            }

            yield return files;
        }
    }

    private static IEnumerable<(string Name, byte[] Content)> MadeFiles(int layer, long bytes)
    {
        var random = new Random(4711 + layer);
        for (var (number, size) = (0, 0L); size < bytes; number++)
        {
            var content = new byte[number % 50 == 0 ? 1 << 20 : random.Next(500, 60_000)];
            if (number % 2 == 0) random.NextBytes(content);
            else content.AsSpan().Fill((byte)number);
            size += content.Length;
            yield return ($"usr/share/layer-{layer}/d{number % 97}/file-{number}", content);
        }
    }
}
